// The network's arithmetic in whole numbers of 16 bits, written once for AVX2 and AVX-512. The
// including file says how: Sums are SUMS sums of products, Sums8 eight of them.

typedef int16_t Value;

template <typename W> INLINE W words(const int16_t *p)
{
	W w;
	__builtin_memcpy(&w, p, sizeof w);
	return w;
}

template <typename W> INLINE void put(int16_t *p, W w) { __builtin_memcpy(p, &w, sizeof w); }

// Adds the products of a pair of values with NV vectors of weights.
template <int NV> INLINE void all_dots(Sums *sum, const Sums *weights, const int16_t *pair)
{
	if (NV == 1) {
		sum[0] = dot_at(sum[0], weights[0], pair);
		return;
	}
	const Sums in = both(*(const Pair *)pair);
	UNROLL for (int v = 0; v < NV; v++)
		sum[v] = dot(sum[v], weights[v], in);
}

// PX pixels and NV vectors of output channels of a 1x1 convolution, held in registers over
// all input channels. No sum gets too large: see MOST_WEIGHT.
template <int CIN, int COUT, int NV, int PX> INLINE void mix_pixels(const int16_t *x, const int16_t *w, const float *scale, const float *lift, int16_t *out)
{
	Sums sum[PX][NV];
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			sum[p][v] = Sums{};
	for (int c = 0; c < CIN; c += 8) {
		UNROLL for (int k = 0; k < 8; k += 2) {
			Sums weights[NV];
			UNROLL for (int v = 0; v < NV; v++) // in blocks of 16 channels
				weights[v] = words<Sums>(w + (v * SUMS / 16 * CIN + c + k) * 16 + v * SUMS % 16 * 2);
			UNROLL for (int p = 0; p < PX; p++)
				all_dots<NV>(sum[p], weights, x + p * CIN + c + k);
		}
	}
	UNROLL for (int p = 0; p < PX; p++)
		settle<NV>(sum[p], scale, lift, out + p * COUT);
}

template <int CIN, int COUT, int PX> INLINE void mix_stretch(const Unit &u, const int16_t *x, int16_t *out)
{
	constexpr int BLOCK = COUT < MIXED ? COUT : MIXED;
	for (int b = 0; b < COUT; b += BLOCK)
		mix_pixels<CIN, COUT, BLOCK / SUMS, PX>(x, u.words.mix + b * CIN, u.words.scale + b, u.words.lift + b, out + b);
}

template <int CIN, int COUT> static void mix(const Unit &u, const int16_t *x, int n, int16_t *out)
{
	int i = 0;
	for (; i + PIXELS <= n; i += PIXELS)
		mix_stretch<CIN, COUT, PIXELS>(u, x + i * CIN, out + i * COUT);
	for (; i + 2 <= n; i += 2)
		mix_stretch<CIN, COUT, 2>(u, x + i * CIN, out + i * COUT);
	if (i < n)
		mix_stretch<CIN, COUT, 1>(u, x + i * CIN, out + i * COUT);
}

template <int PX> INLINE void head_pixels(const Unit &u, const int16_t *x, float *out)
{
	enum { CIN = 64 };
	Sums8 sum[PX];
	UNROLL for (int p = 0; p < PX; p++)
		sum[p] = Sums8{};
	for (int c = 0; c < CIN; c += 2) {
		const Sums8 weights = words<Sums8>(u.words.mix + c * HEAD);
		UNROLL for (int p = 0; p < PX; p++)
			sum[p] = dot(sum[p], weights, both8(*(const Pair *)(x + p * CIN + c)));
	}
	UNROLL for (int p = 0; p < PX; p++)
		store(out + p * HEAD, floats(sum[p]) * load(u.words.scale) + load(u.words.lift));
}

static void mix_head(const Unit &u, const int16_t *x, int n, float *out)
{
	int i = 0;
	for (; i + 8 <= n; i += 8)
		head_pixels<8>(u, x + i * 64, out + i * HEAD);
	for (; i < n; i++)
		head_pixels<1>(u, x + i * 64, out + i * HEAD);
}

// PX pixels of one vector of channels of a 3x3 convolution by channel. The rows begin a
// pixel to the left. Sums that grow too large stay at the largest.
template <typename W, int C, int PX> INLINE void own_pixels(const int16_t *const rows[3], const int16_t *w, const int16_t *bias, int16_t *out)
{
	W sum[PX];
	UNROLL for (int p = 0; p < PX; p++)
		sum[p] = words<W>(bias);
	UNROLL for (int r = 0; r < 3; r++) {
		const W weights[3] = {words<W>(w + 3 * r * C), words<W>(w + (3 * r + 1) * C), words<W>(w + (3 * r + 2) * C)};
		UNROLL for (int c = 0; c < PX + 2; c++) {
			const W in = words<W>(rows[r] + c * C);
			UNROLL for (int p = 0; p < PX; p++)
				if (c >= p && c <= p + 2)
					sum[p] = plus(sum[p], times(weights[c - p], in));
		}
	}
	UNROLL for (int p = 0; p < PX; p++)
		put(out + p * C, greater(sum[p], W{}));
}

template <int C, int PX> INLINE void own_stretch(const Unit &u, const int16_t *const rows[3], int i, int16_t *out)
{
	typedef typename Own<C>::Type W;
	const int16_t *at[3] = {rows[0] + i * C, rows[1] + i * C, rows[2] + i * C};
	for (int v = 0; v < C; v += sizeof(W) / 2) {
		own_pixels<W, C, PX>(at, u.words.own + v, u.words.own_bias + v, out + i * C + v);
		for (auto &row : at)
			row += sizeof(W) / 2;
	}
}

template <int C> static void own(const Unit &u, const int16_t *const rows[3], int n, int16_t *out)
{
	int i = 0;
	for (; i + OWN_PIXELS <= n; i += OWN_PIXELS)
		own_stretch<C, OWN_PIXELS>(u, rows, i, out);
	for (; i + 2 <= n; i += 2)
		own_stretch<C, 2>(u, rows, i, out);
	if (i < n)
		own_stretch<C, 1>(u, rows, i, out);
}

// The same for two rows, and the largest of each 2 x 2 results: PX counts these.
template <typename W, int C, int PX> INLINE void pooled_pixels(const int16_t *const rows[4], const int16_t *w, const int16_t *bias, int16_t *out)
{
	W sum[2][2 * PX];
	UNROLL for (int p = 0; p < 2 * PX; p++)
		sum[0][p] = sum[1][p] = words<W>(bias);
	UNROLL for (int r = 0; r < 4; r++)
		UNROLL for (int c = 0; c < 2 * PX + 2; c++) {
			const W in = words<W>(rows[r] + c * C);
			UNROLL for (int y = 0; y < 2; y++)
				UNROLL for (int x = 0; x < 2 * PX; x++)
					if (r >= y && r <= y + 2 && c >= x && c <= x + 2)
						sum[y][x] = plus(sum[y][x], times(words<W>(w + ((r - y) * 3 + c - x) * C), in));
		}
	UNROLL for (int p = 0; p < PX; p++)
		put(out + p * C, greater(greater(greater(sum[0][2 * p], sum[0][2 * p + 1]), greater(sum[1][2 * p], sum[1][2 * p + 1])), W{}));
}

template <int C, int PX> INLINE void pooled_stretch(const Unit &u, const int16_t *const rows[4], int i, int16_t *out)
{
	typedef typename Own<C>::Type W;
	const int16_t *at[4] = {rows[0] + 2 * i * C, rows[1] + 2 * i * C, rows[2] + 2 * i * C, rows[3] + 2 * i * C};
	for (int v = 0; v < C; v += sizeof(W) / 2) {
		pooled_pixels<W, C, PX>(at, u.words.own + v, u.words.own_bias + v, out + i * C + v);
		for (auto &row : at)
			row += sizeof(W) / 2;
	}
}

// The input's row y in the ring, from its first column on: blue, green, red and nothing.
static int16_t *input_at(const Net &n, int y)
{
	return (int16_t *)n.input + (size_t)(y % INPUT_ROWS) * 6 * n.input_stride + 4 * INPUT_MARGIN;
}

// One input row: BT.601, the matrix of the frames that YuNet was trained on closely enough.
static void input_row(Net &n, int y)
{
	// Luma comes in 128ths and chroma in 256ths, and go out in INPUT_ONE.
	const float gain = n.full_range ? 1.f : 255.f / 219.f, chroma = n.full_range ? 1.f : 255.f / 224.f;
	auto fixed = [](float f) { return (int16_t)(f * 32768 + 0.5f); };
	const int16_t lift = n.full_range ? 0 : 16, l = fixed(gain * INPUT_ONE / 128);
	const int16_t blue = fixed(1.772f * chroma * INPUT_ONE / 256), red = fixed(1.402f * chroma * INPUT_ONE / 256);
	const int16_t green_cb = fixed(0.344136f * chroma * INPUT_ONE / 256), green_cr = fixed(0.714136f * chroma * INPUT_ONE / 256);
	int16_t *out = input_at(n, y);
	const size_t at = (size_t)y * n.width;
	for (int x = 0; x < n.width; x += 16, out += 64) {
		const Words16 luma = times(shifted<7>(bytes16(n.luma + at + x), lift), all16(l));
		const Words16 cb = shifted<8>(bytes16(n.blue + at + x), 128), cr = shifted<8>(bytes16(n.red + at + x), 128);
		interleave(within(plus(luma, times(cb, all16(blue)))), within(minus(luma, plus(times(cb, all16(green_cb)), times(cr, all16(green_cr))))),
			within(plus(luma, times(cr, all16(red)))), out);
	}
}

template <int PX> INLINE void stem_pixels(const Net &n, const int16_t *const rows[3], int16_t *out)
{
	constexpr int NV = 16 / SUMS;
	Sums sum[PX][NV];
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			sum[p][v] = Sums{};
	const int16_t *w = n.stem_words;
	for (int r = 0; r < 3; r++)
		UNROLL for (int pair = 0; pair < 6; pair++, w += 32) {
			Sums weights[NV];
			UNROLL for (int v = 0; v < NV; v++)
				weights[v] = words<Sums>(w + v * SUMS * 2);
			UNROLL for (int p = 0; p < PX; p++)
				all_dots<NV>(sum[p], weights, rows[r] + 8 * p + 2 * pair);
		}
	UNROLL for (int p = 0; p < PX; p++) {
		settle<NV>(sum[p], n.stem_scale, n.stem_lift, out + p * 16);
		put(out + p * 16, greater(words<Words16>(out + p * 16), Words16{}));
	}
}

// n pixels of the first convolution's row y, of stride 2, from column x.
static void stem(Net &n, int y, int x, int count, int16_t *out)
{
	const int16_t *rows[3];
	for (int r = 0; r < 3; r++) {
		const int at = 2 * y - 1 + r;
		rows[r] = at < 0 ? (int16_t *)n.zeros : input_at(n, at) + 4 * (2 * x - 1);
	}
	int i = 0;
	for (; i + STEM_PIXELS <= count; i += STEM_PIXELS) {
		stem_pixels<STEM_PIXELS>(n, rows, out + i * 16);
		for (auto &row : rows)
			row += 8 * STEM_PIXELS;
	}
	for (; i < count; i++) {
		stem_pixels<1>(n, rows, out + i * 16);
		for (auto &row : rows)
			row += 8;
	}
}

// The largest of four pixels, channel by channel.
static void largest(const int16_t *a, const int16_t *b, const int16_t *c, const int16_t *d, int channels, int16_t *out)
{
	for (int v = 0; v < channels; v += 16)
		put(out + v, greater(greater(words<Words16>(a + v), words<Words16>(b + v)), greater(words<Words16>(c + v), words<Words16>(d + v))));
}

static void add(const int16_t *a, const int16_t *b, int channels, int16_t *out)
{
	for (int v = 0; v < channels; v += 16)
		put(out + v, plus(words<Words16>(a + v), words<Words16>(b + v)));
}
