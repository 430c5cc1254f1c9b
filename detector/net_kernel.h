// The network's arithmetic, written once for vectors of LANES floats and PIXELS
// pixels at a time in registers, and compiled once for each kind of processor,
// in a namespace of its own.
// Values lie pixel by pixel, a pixel's channels together.

// A vector anywhere in memory.
typedef float V __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 64")
// Keeps GCC from loading the next step's numbers early, where registers would run out.
#if defined(__aarch64__)
#define KEEP_ORDER asm volatile("" ::: "memory")
#else
#define KEEP_ORDER
#endif

INLINE V load(const float *p) { return *(const V *)p; }
INLINE void store(float *p, V v) { *(V *)p = v; }
INLINE V larger(V a, V b) { return a > b ? a : b; }
INLINE V positive(V a) { return larger(a, V{}); }
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

// Calls f with a constant for the last, incomplete group of n pixels.
#define REST(n, call)                                                                              \
	switch (n) {                                                                                   \
	case 5: { enum { PX = 5 < PIXELS ? 5 : 1 }; call; break; }                                     \
	case 4: { enum { PX = 4 < PIXELS ? 4 : 1 }; call; break; }                                     \
	case 3: { enum { PX = 3 < PIXELS ? 3 : 1 }; call; break; }                                     \
	case 2: { enum { PX = 2 }; call; break; }                                                      \
	case 1: { enum { PX = 1 }; call; break; }                                                      \
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

// PX pixels of one vector of channels of a 3x3 convolution by channel. The
// rows begin a pixel to the left.
template <int C, int PX, bool RELU> INLINE void own_pixels(const float *const rows[3], const float *w, const float *bias, float *out)
{
	V sum[PX];
	UNROLL for (int p = 0; p < PX; p++)
		sum[p] = load(bias);
	UNROLL for (int r = 0; r < 3; r++) {
		const V weights[3] = {load(w + 3 * r * C), load(w + (3 * r + 1) * C), load(w + (3 * r + 2) * C)};
		UNROLL for (int c = 0; c < PX + 2; c++) {
			const V in = load(rows[r] + c * C);
			UNROLL for (int p = 0; p < PX; p++)
				if (c >= p && c <= p + 2)
					sum[p] += weights[c - p] * in;
		}
	}
	UNROLL for (int p = 0; p < PX; p++)
		store(out + p * C, RELU ? positive(sum[p]) : sum[p]);
}

// All channels of PX pixels from pixel i on: neighbours in memory come one after the other.
template <int C, int PX, bool RELU> INLINE void own_stretch(const Unit &u, const float *const rows[3], int i, float *out)
{
	const float *at[3] = {rows[0] + i * C, rows[1] + i * C, rows[2] + i * C};
	for (int v = 0; v < C; v += LANES) {
		own_pixels<C, PX, RELU>(at, u.own + v, u.own_bias + v, out + i * C + v);
		for (auto &row : at)
			row += LANES;
	}
}

template <int C, bool RELU> static void own(const Unit &u, const float *const rows[3], int n, float *out)
{
	int i = 0;
	for (; i + OWN_PIXELS <= n; i += OWN_PIXELS)
		own_stretch<C, OWN_PIXELS, RELU>(u, rows, i, out);
	for (; i + 2 <= n; i += 2)
		own_stretch<C, 2, RELU>(u, rows, i, out);
	if (i < n)
		own_stretch<C, 1, RELU>(u, rows, i, out);
}

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

template <int C> static void own_pooled(const Unit &u, const float *const rows[4], int n, float *out)
{
	int i = 0;
	for (; i + 2 <= n; i += 2)
		pooled_stretch<C, 2>(u, rows, i, out);
	if (i < n)
		pooled_stretch<C, 1>(u, rows, i, out);
}

// One input row as three rows of floats, blue, green, red: BT.601, the matrix
// of the frames that YuNet was trained on closely enough.
static void input_row(Net &n, int y)
{
	const float gain = n.full_range ? 1.f : 255.f / 219.f, lift = n.full_range ? 0.f : 16.f;
	const float cg = n.full_range ? 1.f : 255.f / 224.f;
	enum { STRETCH = 32 }; // the input's width is a multiple
	float *out = n.input + (size_t)(y % INPUT_ROWS) * 3 * n.input_stride + INPUT_MARGIN;
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
		rows[r] = (at < 0 ? n.zeros : n.input + (size_t)(at % INPUT_ROWS) * 3 * n.input_stride) + INPUT_MARGIN - 1 + 2 * x;
	}
	int i = 0;
	for (; i + PIXELS <= count; i += PIXELS) {
		stem_pixels<PIXELS>(n, rows, out + i * 16);
		for (int r = 0; r < 3; r++)
			rows[r] += 2 * PIXELS;
	}
	REST(count - i, (stem_pixels<PX>(n, rows, out + i * 16)))
}

// The ring's row y, from the column left of x on.
static const float *ring_row(const Net &n, const Unit &u, int y, int x)
{
	if (y < 0 || y >= u.h)
		return n.zeros;
	return u.ring + ((size_t)(y % u.rows) * (u.w + 2) + x) * u.cout;
}

// n pixels of a unit's result, row y from column x.
static void result(const Net &n, const Unit &u, int y, int x, int count, float *out)
{
	const float *rows[3] = {ring_row(n, u, y - 1, x), ring_row(n, u, y, x), ring_row(n, u, y + 1, x)};
	switch (u.cout) {
	case 8: return own<8, false>(u, rows, count, out);
	case 16: return own<16, true>(u, rows, count, out);
	case 32: return own<32, true>(u, rows, count, out);
	default: return own<64, true>(u, rows, count, out);
	}
}

static void pooled_result(const Net &n, const Unit &u, int y, int x, int count, float *out)
{
	const float *rows[4];
	for (int r = 0; r < 4; r++)
		rows[r] = ring_row(n, u, 2 * y - 1 + r, 2 * x);
	u.cout == 16 ? own_pooled<16>(u, rows, count, out) : own_pooled<64>(u, rows, count, out);
}

// The same through a map that is kept at full size.
static void pooled_map(const Net &n, const Unit &u, float *map, int y, int x, int count, float *out)
{
	const int c = u.cout;
	float *upper = map + ((size_t)2 * y * u.w + 2 * x) * c, *lower = upper + (size_t)u.w * c;
	result(n, u, 2 * y, 2 * x, 2 * count, upper);
	result(n, u, 2 * y + 1, 2 * x, 2 * count, lower);
	for (int i = 0; i < count; i++, upper += 2 * c, lower += 2 * c, out += c)
		for (int v = 0; v < c; v += LANES)
			store(out + v, larger(larger(load(upper + v), load(upper + c + v)), larger(load(lower + v), load(lower + c + v))));
}

static void sum(const Unit &u, int y, int x, int count, float *out)
{
	const float *a = u.same + ((size_t)y * u.w + x) * u.cin, *b = u.half + (size_t)(y / 2) * (u.w / 2) * u.cin;
	for (int i = x; i < x + count; i++, a += u.cin, out += u.cin)
		for (int v = 0; v < u.cin; v += LANES)
			store(out + v, load(a + v) + load(b + (i / 2) * u.cin + v));
}

// n pixels of what goes into a unit; scratch holds them where no map does.
static const float *incoming(Net &n, Unit &u, int y, int x, int count)
{
	float *out = n.scratch;
	switch (u.source) {
	case FROM_STEM:
		stem(n, y, x, count, out);
		break;
	case FROM_UNIT:
		if (u.keep)
			out = u.keep + ((size_t)y * u.w + x) * u.cin;
		result(n, *u.before, y, x, count, out);
		break;
	case FROM_POOLED:
		u.keep ? pooled_map(n, *u.before, u.keep, y, x, count, out) : pooled_result(n, *u.before, y, x, count, out);
		break;
	case FROM_SUM:
		sum(u, y, x, count, out);
		break;
	}
	return out;
}

static void mixed(const Unit &u, const float *x, int count, float *out)
{
	switch (u.cin * 100 + u.cout) {
	case 1616: return mix<16, 16>(u, x, count, out);
	case 1632: return mix<16, 32>(u, x, count, out);
	case 3232: return mix<32, 32>(u, x, count, out);
	case 3264: return mix<32, 64>(u, x, count, out);
	case 6464: return mix<64, 64>(u, x, count, out);
	default: return mix<64, 8>(u, x, count, out);
	}
}

static void upto(Net &n, Unit &u, int y);

// Brings what row y of u is made from up to date.
static void prepare(Net &n, Unit &u, int y)
{
	switch (u.source) {
	case FROM_STEM:
		while (n.input_next <= 2 * y + 1)
			input_row(n, n.input_next++);
		break;
	case FROM_UNIT:
		upto(n, *u.before, y + 1);
		break;
	case FROM_POOLED:
		upto(n, *u.before, 2 * y + 2);
		break;
	case FROM_SUM:
		break;
	}
}

// Computes u's rows up to y, a stretch at a time, small enough for the first cache.
static void upto(Net &n, Unit &u, int y)
{
	if (y >= u.h)
		y = u.h - 1;
	const int most = SCRATCH_FLOATS / u.cin < u.w ? SCRATCH_FLOATS / u.cin : u.w;
	while (u.next <= y) {
		const int row = u.next++;
		prepare(n, u, row);
		float *out = u.ring + ((size_t)(row % u.rows) * (u.w + 2) + 1) * u.cout;
		for (int x = 0; x < u.w; x += most) {
			const int count = u.w - x < most ? u.w - x : most;
			mixed(u, incoming(n, u, row, x, count), count, out + (size_t)x * u.cout);
		}
	}
}

// A head's result, row by row, from the smallest map to the largest: each
// brings about what the next one needs.
void run(Net &n)
{
	n.input_next = 0;
	for (Unit &u : n.units)
		u.next = 0;
	for (int level = LEVELS - 1; level >= 0; level--) {
		Unit &head = *n.heads[level];
		for (int y = 0; y < head.h; y++) {
			upto(n, head, y + 1);
			result(n, head, y, 0, head.w, n.outputs[level] + (size_t)y * head.w * HEAD);
		}
	}
}
