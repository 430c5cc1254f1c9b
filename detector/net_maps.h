// What floats and halves have in common, over vectors of either.

// The convolution by channel for two rows, and the largest of each 2 x 2 results: PX counts these.
template <int C, int PX, typename T> INLINE void pooled_pixels(const T *const rows[4], const T *w, const T *bias, T *out)
{
	typedef decltype(load(w)) W;
	W sum[2][2 * PX];
	UNROLL for (int p = 0; p < 2 * PX; p++)
		sum[0][p] = sum[1][p] = load(bias);
	UNROLL for (int r = 0; r < 4; r++)
		UNROLL for (int c = 0; c < 2 * PX + 2; c++) {
			const W in = load(rows[r] + c * C);
			UNROLL for (int y = 0; y < 2; y++)
				UNROLL for (int x = 0; x < 2 * PX; x++)
					if (r >= y && r <= y + 2 && c >= x && c <= x + 2)
						sum[y][x] += load(w + ((r - y) * 3 + c - x) * C) * in;
		}
	UNROLL for (int p = 0; p < PX; p++)
		store(out + p * C, positive(larger(larger(sum[0][2 * p], sum[0][2 * p + 1]), larger(sum[1][2 * p], sum[1][2 * p + 1]))));
}

template <int C, int PX> INLINE void pooled_stretch(const Unit &u, const Value *const rows[4], int i, Value *out)
{
	const Value *at[4] = {rows[0] + 2 * i * C, rows[1] + 2 * i * C, rows[2] + 2 * i * C, rows[3] + 2 * i * C};
	for (int v = 0; v < C; v += ACROSS) {
		pooled_pixels<C, PX>(at, own_weights(u) + v, own_bias(u) + v, out + i * C + v);
		for (auto &row : at)
			row += ACROSS;
	}
}

// The largest of four pixels, channel by channel.
static void largest(const Value *a, const Value *b, const Value *c, const Value *d, int channels, Value *out)
{
	for (int v = 0; v < channels; v += ACROSS)
		store(out + v, larger(larger(load(a + v), load(b + v)), larger(load(c + v), load(d + v))));
}

static void add(const Value *a, const Value *b, int channels, Value *out)
{
	for (int v = 0; v < channels; v += ACROSS)
		store(out + v, load(a + v) + load(b + v));
}

template <int C> static void own(const Unit &u, const Value *const rows[3], int n, Value *out) { own_rows<C, true>(own_weights(u), own_bias(u), rows, n, out); }
