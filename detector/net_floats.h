// The network's arithmetic in floats, written once for vectors of LANES floats and PIXELS
// pixels at a time in registers.

typedef float Value;

// Keeps GCC from loading the next step's numbers early, where registers would run out.
#if defined(__aarch64__)
#define KEEP_ORDER asm volatile("" ::: "memory")
#else
#define KEEP_ORDER
#endif

// Calls f with a constant for the last, incomplete group of n pixels.
#define REST(n, call)                                                                              \
	switch (n) {                                                                                   \
	case 3: { enum { PX = 3 < PIXELS ? 3 : 1 }; call; break; }                                     \
	case 2: { enum { PX = 2 }; call; break; }                                                      \
	case 1: { enum { PX = 1 }; call; break; }                                                      \
	}

INLINE V byte_range(V a) { return a < 255.f ? positive(a) : V{} + 255.f; }

// PX pixels and NV vectors of output channels of a 1x1 convolution, held in
// registers over all input channels.
template <int CIN, int COUT, int NV, int PX> INLINE void mix_pixels(const float *x, const float *w, const float *bias, float *out)
{
	V sum[PX][NV];
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			sum[p][v] = load(bias + v * LANES);
	for (int c = 0; c < CIN; c += 4) {
		UNROLL for (int k = 0; k < 4; k++) {
			KEEP_ORDER;
			V weights[NV];
			UNROLL for (int v = 0; v < NV; v++)
				weights[v] = load(w + ((c + k) * NV + v) * LANES);
			UNROLL for (int p = 0; p < PX; p++) {
				const float in = x[p * CIN + c + k];
				UNROLL for (int v = 0; v < NV; v++)
					sum[p][v] += weights[v] * in;
			}
		}
	}
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			store(out + p * COUT + v * LANES, sum[p][v]);
}

template <int CIN, int COUT, int PX> INLINE void mix_stretch(const Unit &u, const float *x, float *out)
{
	constexpr int BLOCK = COUT < 16 ? COUT : 16;
	for (int b = 0; b < COUT; b += BLOCK)
		mix_pixels<CIN, COUT, BLOCK / LANES, PX>(x, u.mix + b * CIN, u.mix_bias + b, out + b);
}

template <int CIN, int COUT> static void mix(const Unit &u, const float *x, int n, float *out)
{
	int i = 0;
	for (; i + PIXELS <= n; i += PIXELS)
		mix_stretch<CIN, COUT, PIXELS>(u, x + i * CIN, out + i * COUT);
	REST(n - i, (mix_stretch<CIN, COUT, PX>(u, x + i * CIN, out + i * COUT)))
}

INLINE void mix_head(const Unit &u, const float *x, int n, float *out) { mix<64, HEAD>(u, x, n, out); }

template <int C> static void own(const Unit &u, const float *const rows[3], int n, float *out) { own_floats<C, true>(u, rows, n, out); }

// The same for two rows, and the largest of each 2 x 2 results: PX counts these.
template <int C, int PX> INLINE void pooled_pixels(const float *const rows[4], const float *w, const float *bias, float *out)
{
	V sum[2][2 * PX];
	UNROLL for (int p = 0; p < 2 * PX; p++)
		sum[0][p] = sum[1][p] = load(bias);
	UNROLL for (int r = 0; r < 4; r++)
		UNROLL for (int c = 0; c < 2 * PX + 2; c++) {
			const V in = load(rows[r] + c * C);
			UNROLL for (int y = 0; y < 2; y++)
				UNROLL for (int x = 0; x < 2 * PX; x++)
					if (r >= y && r <= y + 2 && c >= x && c <= x + 2)
						sum[y][x] += load(w + ((r - y) * 3 + c - x) * C) * in;
		}
	UNROLL for (int p = 0; p < PX; p++)
		store(out + p * C, positive(larger(larger(sum[0][2 * p], sum[0][2 * p + 1]), larger(sum[1][2 * p], sum[1][2 * p + 1]))));
}

template <int C, int PX> INLINE void pooled_stretch(const Unit &u, const float *const rows[4], int i, float *out)
{
	const float *at[4] = {rows[0] + 2 * i * C, rows[1] + 2 * i * C, rows[2] + 2 * i * C, rows[3] + 2 * i * C};
	for (int v = 0; v < C; v += LANES) {
		pooled_pixels<C, PX>(at, u.own + v, u.own_bias + v, out + i * C + v);
		for (auto &row : at)
			row += LANES;
	}
}

// One input row as three rows of floats, blue, green, red: BT.601, the matrix
// of the frames that YuNet was trained on closely enough.
static void input_row(Net &n, int y)
{
	const float gain = n.full_range ? 1.f : 255.f / 219.f, lift = n.full_range ? 0.f : 16.f;
	const float cg = n.full_range ? 1.f : 255.f / 224.f;
	enum { STRETCH = 32 }; // the input's width is a multiple
	float *out = (float *)n.input + (size_t)(y % INPUT_ROWS) * 3 * n.input_stride + INPUT_MARGIN;
	const size_t at = (size_t)y * n.width;
	for (int x = 0; x < n.width; x += STRETCH, out += STRETCH) {
		float luma[STRETCH], blue[STRETCH], red[STRETCH];
		for (int i = 0; i < STRETCH; i++) {
			luma[i] = (n.luma[at + x + i] - lift) * gain;
			blue[i] = (n.blue[at + x + i] - 128) * cg;
			red[i] = (n.red[at + x + i] - 128) * cg;
		}
		for (int i = 0; i < STRETCH; i += LANES) {
			const V l = load(luma + i), cb = load(blue + i), cr = load(red + i);
			store(out + i, byte_range(l + 1.772f * cb));
			store(out + n.input_stride + i, byte_range(l - 0.344136f * cb - 0.714136f * cr));
			store(out + 2 * n.input_stride + i, byte_range(l + 1.402f * cr));
		}
	}
}

template <int PX> INLINE void stem_pixels(const Net &n, const float *const rows[3], float *out)
{
	constexpr int NV = 16 / LANES;
	V sum[PX][NV];
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			sum[p][v] = load(n.stem_bias + v * LANES);
	const float *w = n.stem;
	for (int r = 0; r < 3; r++) {
		const float *in = rows[r];
		for (int colour = 0; colour < 3; colour++, in += n.input_stride)
			UNROLL for (int c = 0; c < 3; c++, w += 16) {
				const float *at = in + c;
				asm("" : "+r"(at)); // as above: the next column's inputs are partly the same
				KEEP_ORDER;
				V weights[NV];
				UNROLL for (int v = 0; v < NV; v++)
					weights[v] = load(w + v * LANES);
				UNROLL for (int p = 0; p < PX; p++)
					UNROLL for (int v = 0; v < NV; v++)
						sum[p][v] += weights[v] * at[2 * p];
			}
	}
	UNROLL for (int p = 0; p < PX; p++)
		UNROLL for (int v = 0; v < NV; v++)
			store(out + p * 16 + v * LANES, positive(sum[p][v]));
}

// n pixels of the first convolution's row y, of stride 2, from column x.
static void stem(Net &n, int y, int x, int count, float *out)
{
	const float *rows[3];
	for (int r = 0; r < 3; r++) {
		const int at = 2 * y - 1 + r;
		rows[r] = (at < 0 ? (float *)n.zeros : (float *)n.input + (size_t)(at % INPUT_ROWS) * 3 * n.input_stride) + INPUT_MARGIN - 1 + 2 * x;
	}
	int i = 0;
	for (; i + PIXELS <= count; i += PIXELS) {
		stem_pixels<PIXELS>(n, rows, out + i * 16);
		for (int r = 0; r < 3; r++)
			rows[r] += 2 * PIXELS;
	}
	REST(count - i, (stem_pixels<PX>(n, rows, out + i * 16)))
}


// The largest of four pixels, channel by channel.
static void largest(const float *a, const float *b, const float *c, const float *d, int channels, float *out)
{
	for (int v = 0; v < channels; v += LANES)
		store(out + v, larger(larger(load(a + v), load(b + v)), larger(load(c + v), load(d + v))));
}

static void add(const float *a, const float *b, int channels, float *out)
{
	for (int v = 0; v < channels; v += LANES)
		store(out + v, load(a + v) + load(b + v));
}
