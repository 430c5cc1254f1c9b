#include "net.h"
#include "kernel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <vector>
#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

using namespace bauta;

enum Arithmetic { BEST, ANY, AVX2 };
static Arithmetic wanted; // tests: as if the processor had no more

const Kernel &bauta::kernel()
{
#if defined(__x86_64__)
	const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
	if (wanted == BEST && avx2 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
		return avx512::kernel;
	if (wanted != ANY && avx2)
		return avx2::kernel;
#elif defined(__aarch64__)
	if (wanted == BEST && getauxval(AT_HWCAP) & HWCAP_ASIMDHP)
		return halves::kernel;
#endif
	return base::kernel;
}

int bauta_arithmetic(int which)
{
	wanted = (Arithmetic)which;
	return wanted != AVX2 || &kernel() != &base::kernel;
}

// Hands out parts of one block; without a block it only counts.
struct Parts {
	char *block;
	size_t used;
	template <typename T> T *take(size_t n)
	{
		T *p = block ? (T *)(block + used) : nullptr;
		used += (n * sizeof(T) + 63) & ~(size_t)63;
		return p;
	}
};

// What is left of the weights.
struct Weights {
	const float *at;
	size_t left;
	bool enough = true;
	const float *take(size_t n)
	{
		if (n > left) {
			enough = false;
			return at;
		}
		const float *p = at;
		at += n;
		left -= n;
		return p;
	}
};

// The units in the order in which their weights come: which comes before,
// the channels in and out, how many times smaller than the input.
struct Plan { Source source; int before, cin, cout, scale; };
static const Plan plan[UNITS] = {
	{FROM_STEM, -1, 16, 16, 2},
	{FROM_POOLED, 0, 16, 16, 4}, {FROM_UNIT, 1, 16, 32, 4},
	{FROM_UNIT, 2, 32, 32, 4}, {FROM_UNIT, 3, 32, 64, 4},
	{FROM_POOLED, 4, 64, 64, 8}, {FROM_UNIT, 5, 64, 64, 8},
	{FROM_POOLED, 6, 64, 64, 16}, {FROM_UNIT, 7, 64, 64, 16},
	{FROM_POOLED, 8, 64, 64, 32}, {FROM_UNIT, 9, 64, 64, 32},
	{FROM_UNIT, 10, 64, 64, 32}, {FROM_SUM, -1, 64, 64, 16}, {FROM_SUM, -1, 64, 64, 8},
	{FROM_UNIT, 13, 64, HEAD, 8}, {FROM_UNIT, 12, 64, HEAD, 16}, {FROM_UNIT, 11, 64, HEAD, 32},
};
enum { POOL8 = 7, POOL16 = 9, SUM16 = 12, SUM8 = 13, HEADS = 14 };

// How many bytes a value of the maps has, and one of a unit's ring: the heads' are floats.
static size_t value_bytes(const Net &n) { return n.kernel->values == FLOATS ? sizeof(float) : sizeof(int16_t); }
static size_t value_bytes(const Net &n, const Unit &u) { return u.cout == HEAD ? sizeof(float) : value_bytes(n); }

static void lay_out_units(Net &n, Parts &m)
{
	size_t widest = 3 * (size_t)n.input_stride;
	for (int i = 0; i < UNITS; i++) {
		const Plan &p = plan[i];
		Unit &u = n.units[i];
		u.source = p.source;
		u.cin = p.cin;
		u.cout = p.cout;
		u.w = n.width / p.scale;
		u.h = n.height / p.scale;
		u.before = p.before < 0 ? nullptr : &n.units[p.before];
		u.rows = 3;
		if (p.source == FROM_POOLED)
			u.before->rows = 4;
		widest = std::max(widest, (size_t)(u.w + 2) * u.cout);
	}
	for (Unit &u : n.units)
		u.ring = m.take<char>((size_t)u.rows * (u.w + 2) * u.cout * value_bytes(n, u));
	n.zeros = m.take<float>(widest);
	if (m.block)
		memset(n.zeros, 0, widest * sizeof(float));
}

// Lays the maps' memory out; called once to count it and once to have it.
static void lay_out(Net &n, Parts &m)
{
	const size_t area = (size_t)n.width * n.height;
	n.input_stride = (n.width + INPUT_MARGIN + 15) & ~15;
	n.input = m.take<float>((size_t)INPUT_ROWS * 3 * n.input_stride);
	n.luma = m.take<uint8_t>(area);
	n.blue = m.take<uint8_t>(area);
	n.red = m.take<uint8_t>(area);
	n.scratch = m.take<float>(SCRATCH);
	lay_out_units(n, m);
	Unit *u = n.units;
	for (int i : {POOL8, POOL16}) // the full map of the unit before
		u[i].keep = m.take<char>((size_t)u[i].before->w * u[i].before->h * u[i].cin * value_bytes(n));
	for (int i = 0; i < LEVELS; i++) {
		Unit &head = u[HEADS + i];
		n.heads[i] = &head;
		n.outputs[i] = m.take<float>((size_t)head.w * head.h * HEAD);
		head.keep = i == 0 ? nullptr : m.take<char>((size_t)head.w * head.h * head.cin * value_bytes(n));
	}
	u[SUM16].same = u[POOL16].keep;
	u[SUM16].half = n.heads[2]->keep;
	u[SUM8].same = u[POOL8].keep;
	u[SUM8].half = n.heads[1]->keep;
}

static bool take_weights(Net &n, Weights w)
{
	n.stem = w.take(27 * 16);
	n.stem_bias = w.take(16);
	for (Unit &u : n.units) {
		u.mix = w.take(u.cin * u.cout);
		u.mix_bias = w.take(u.cout);
		u.own = w.take(9 * u.cout);
		u.own_bias = w.take(u.cout);
	}
	return w.enough && w.left == 0;
}

// Room for bringing planes to the input's size; it grows with the frames.
struct Room {
	std::vector<int> left, base;
	std::vector<uint8_t> picks, reduced, upright;
	std::vector<int16_t> part, rows[2];
	std::vector<uint16_t> sums;
};

struct bauta_net {
	Net n;
	Room room;
	float *weights;
	void *narrow; // the same in 16 bits, for a kernel of these; null: not needed
	void *memory; // the maps', enough for the largest size so far
	size_t held;
	~bauta_net()
	{
		free(weights);
		free(narrow);
		free(memory);
	}
};

// The columns left and right of each ring's rows are never written, and zero.
static void clear_borders(Net &n)
{
	for (Unit &u : n.units) {
		const size_t cell = u.cout * value_bytes(n, u), line = (u.w + 2) * cell;
		for (int row = 0; row < u.rows; row++) {
			memset((char *)u.ring + row * line, 0, cell);
			memset((char *)u.ring + (row + 1) * line - cell, 0, cell);
		}
	}
	memset(n.input, 0, (size_t)INPUT_ROWS * 3 * n.input_stride * sizeof(float));
}

// All sizes use one block of memory, one after the other.
int bauta_net_resize(bauta_net *b, int width, int height)
{
	if (width == b->n.width && height == b->n.height)
		return 0;
	Net n = b->n;
	n.width = width;
	n.height = height;
	Parts m = {nullptr, 0};
	lay_out(n, m);
	if (m.used > b->held) {
		void *memory = aligned_alloc(64, m.used);
		if (!memory)
			return -1;
		free(b->memory);
		b->memory = memory;
		b->held = m.used;
	}
	b->n.width = width;
	b->n.height = height;
	m = {(char *)b->memory, 0};
	lay_out(b->n, m);
	clear_borders(b->n);
	return 0;
}

size_t bauta_net_held(const bauta_net *b) { return b->held; }

int bauta_net_values(const bauta_net *b) { return b->n.kernel->values; }

// Sums of products stay below 2^31 where the weights add up to no more than this: a
// value is at most 32767, and rounding adds half to each of 64 weights.
enum { MOST_WEIGHT = 65500, WHOLE = 32767 };

// Brings one output channel's weights to whole numbers; they begin at w, step floats apart.
// Returns what one of them is worth.
static float whole(const float *w, int n, int step, int16_t *out, int pair_step)
{
	float sum = 0, largest = 0;
	for (int i = 0; i < n; i++) {
		sum += std::fabs(w[i * step]);
		largest = std::max(largest, std::fabs(w[i * step]));
	}
	if (largest == 0)
		return 1;
	const float times = std::min(MOST_WEIGHT / sum, WHOLE / largest);
	for (int i = 0; i < n; i++)
		out[i / 2 * pair_step + i % 2] = (int16_t)std::lrint(w[i * step] * times);
	return 1 / times;
}

// The words of the 3x3 convolution of channel c; returns how much larger its ring's values are.
static float own_words(const Unit &u, int c, int16_t *own, int16_t *bias)
{
	float largest = 0;
	for (int k = 0; k < 9; k++)
		largest = std::max(largest, std::fabs(u.own[k * u.cout + c]));
	for (int k = 0; k < 9 && largest > 0; k++)
		own[k * u.cout + c] = (int16_t)std::lrint(u.own[k * u.cout + c] / largest * WHOLE);
	bias[c] = (int16_t)std::clamp(std::lrint(u.own_bias[c] * ONE), -(long)WHOLE, (long)WHOLE);
	return largest * 32768 / WHOLE;
}

static void unit_words(Unit &u, Parts &m)
{
	int16_t *mix = m.take<int16_t>(u.cin * u.cout), *own = m.take<int16_t>(9 * u.cout), *bias = m.take<int16_t>(u.cout);
	float *scale = m.take<float>(u.cout), *lift = m.take<float>(u.cout);
	u.words = {mix, scale, lift, own, bias};
	if (!m.block)
		return;
	const int block = std::min(u.cout, 16);
	for (int c = 0; c < u.cout; c++) {
		const size_t from = c / block * block * u.cin;
		const float one = whole(u.mix + from + c % block, u.cin, block, mix + from + c % block * 2, 2 * block);
		const float unit = u.cout == HEAD ? 1 : own_words(u, c, own, bias) * ONE; // of the ring
		scale[c] = one / ONE * unit;
		lift[c] = u.mix_bias[c] * unit;
	}
}

static void stem_words(Net &n, Parts &m)
{
	int16_t *words = m.take<int16_t>(3 * 6 * 16 * 2);
	float *scale = m.take<float>(16), *lift = m.take<float>(16);
	n.stem_words = words;
	n.stem_scale = scale;
	n.stem_lift = lift;
	for (int c = 0; c < 16 && m.block; c++) {
		float taps[3 * 3 * 4] = {}; // row, column, colour
		for (int r = 0; r < 3; r++)
			for (int colour = 0; colour < 3; colour++)
				for (int x = 0; x < 3; x++)
					taps[(r * 3 + x) * 4 + colour] = n.stem[((r * 3 + colour) * 3 + x) * 16 + c];
		scale[c] = whole(taps, 36, 1, words + 2 * c, 32) / INPUT_ONE * ONE;
		lift[c] = n.stem_bias[c] * ONE;
	}
}

#if defined(__aarch64__)
static const uint16_t *to_halves(const float *from, size_t n, Parts &m)
{
	__fp16 *to = m.take<__fp16>(n);
	for (size_t i = 0; i < n && to; i++)
		to[i] = (__fp16)from[i];
	return (const uint16_t *)to;
}

static void unit_halves(Unit &u, Parts &m)
{
	if (u.cout == HEAD)
		return;
	u.halves = {to_halves(u.mix, u.cin * u.cout, m), to_halves(u.mix_bias, u.cout, m), to_halves(u.own, 9 * u.cout, m), to_halves(u.own_bias, u.cout, m)};
}
#else
static void unit_halves(Unit &, Parts &) {} // no kernel has them
#endif

static void narrow(Net &n, Parts &m)
{
	if (n.kernel->values == WORDS)
		stem_words(n, m);
	for (Unit &u : n.units)
		n.kernel->values == WORDS ? unit_words(u, m) : unit_halves(u, m);
}

static bool make_narrow(bauta_net *b)
{
	if (b->n.kernel->values == FLOATS)
		return true;
	Parts m = {nullptr, 0};
	narrow(b->n, m);
	if (!(b->narrow = aligned_alloc(64, m.used)))
		return false;
	memset(b->narrow, 0, m.used);
	m = {(char *)b->narrow, 0};
	narrow(b->n, m);
	return true;
}

static bauta_net *open_net(const float *weights, size_t count, int width, int height)
{
	bauta_net *b = new bauta_net();
	b->n.kernel = &kernel();
	b->weights = (float *)aligned_alloc(64, (count * sizeof(float) + 63) & ~(size_t)63);
	if (b->weights && bauta_net_resize(b, width, height) == 0) {
		memcpy(b->weights, weights, count * sizeof(float));
		if (take_weights(b->n, {b->weights, count}) && make_narrow(b))
			return b;
	}
	delete b;
	return nullptr;
}

// No exception may cross into Go.
bauta_net *bauta_net_open(const float *weights, size_t count, int width, int height)
{
	try {
		return open_net(weights, count, width, height);
	} catch (const std::exception &) {
		return nullptr;
	}
}

void bauta_net_close(bauta_net *b) { delete b; }

int bauta::place_of(int i, int n, int of, int *before)
{
	const float at = (float)((i + 0.5) * ((double)of / n) - 0.5);
	*before = std::clamp((int)std::floor(at), 0, of - 1);
	if (at < 0 || *before == of - 1)
		return 0;
	const int part = (int)std::lrint((at - *before) * 2048);
	*before += part >> 11;
	return part & 2047;
}

// The columns' places, and how eight at a time are picked from 16 bytes.
static Columns columns_of(Room &r, int w, int n)
{
	r.left.resize(n);
	r.part.resize(n);
	r.base.resize(n / 8);
	r.picks.resize(n / 8 * 16);
	bool near = w >= 16;
	for (int x = 0; x < n; x++)
		r.part[x] = (int16_t)(place_of(x, n, w, &r.left[x]) << 5);
	for (int g = 0; near && g < n / 8; g++) {
		const int base = r.base[g] = std::min(r.left[8 * g], w - 16);
		for (int i = 0; i < 8; i++) {
			const int a = r.left[8 * g + i], b = std::min(a + 1, w - 1);
			near = near && b - base < 16;
			r.picks[16 * g + 2 * i] = (uint8_t)(a - base);
			r.picks[16 * g + 2 * i + 1] = (uint8_t)(b - base);
		}
	}
	return {w, n, near, r.left.data(), r.base.data(), r.picks.data(), r.part.data()};
}

// One plane's part, brought to the tile's size.
static void scale(Room &r, const uint8_t *src, int stride, int w, int h, uint8_t *dst, int dst_stride, int dw, int dh)
{
	const int f = std::max(1, std::min(w / dw, h / dh));
	r.sums.resize(w);
	if (w / f == dw && h / f == dh) {
		kernel().reduce(src, stride, w, h, f, dst, dst_stride, r.sums.data());
		return;
	}
	r.reduced.resize(w / f);
	for (auto &row : r.rows)
		row.resize(dw);
	const Resize how = {f, h / f, dh, columns_of(r, w / f, dw), {r.rows[0].data(), r.rows[1].data()}, r.reduced.data(), r.sums.data()};
	kernel().resize(how, src, stride, dst, dst_stride);
}

// Turns a plane clockwise into dst of dw x dh. Where a pixel to the right in dst lies
// `right` further in src, one below lies `below` further.
static void rotate(const uint8_t *src, uint8_t *dst, int dst_stride, int dw, int dh, int rotation)
{
	const ptrdiff_t w = rotation & 1 ? dh : dw, h = rotation & 1 ? dw : dh;
	const ptrdiff_t right = rotation == 1 ? -w : rotation == 2 ? -1 : w, below = rotation == 1 ? 1 : rotation == 2 ? -w : -1;
	src += rotation == 1 ? (h - 1) * w : rotation == 2 ? h * w - 1 : w - 1;
	enum { BLOCK = 32 }; // of columns: what they read stays in the nearest cache from row to row
	for (int x0 = 0; x0 < dw; x0 += BLOCK) {
		const int x1 = std::min(dw, x0 + BLOCK);
		for (int y = 0; y < dh; y++)
			for (int x = x0; x < x1; x++)
				dst[(size_t)y * dst_stride + x] = src[x * right + y * below];
	}
}

// One plane's part, brought to the tile's size and turned.
static void place_plane(Room &r, const uint8_t *src, int stride, int w, int h, uint8_t *dst, int dst_stride, const bauta_tile &t)
{
	if (t.rotation == 0) {
		scale(r, src, stride, w, h, dst, dst_stride, t.dw, t.dh);
		return;
	}
	const int uw = t.rotation & 1 ? t.dh : t.dw, uh = t.rotation & 1 ? t.dw : t.dh;
	r.upright.resize((size_t)uw * uh);
	scale(r, src, stride, w, h, r.upright.data(), uw, uw, uh);
	rotate(r.upright.data(), dst, dst_stride, t.dw, t.dh, t.rotation);
}

static void place(bauta_net *b, const bauta_planes *p, const bauta_tile &t)
{
	Net &n = b->n;
	const size_t at = (size_t)t.dy * n.width + t.dx;
	const size_t chroma = (size_t)(t.sy / 2) * p->c_stride + t.sx / 2;
	const int cw = std::max(1, t.sw / 2), ch = std::max(1, t.sh / 2);
	place_plane(b->room, p->y + (size_t)t.sy * p->y_stride + t.sx, p->y_stride, t.sw, t.sh, n.luma + at, n.width, t);
	place_plane(b->room, p->cb + chroma, p->c_stride, cw, ch, n.blue + at, n.width, t);
	place_plane(b->room, p->cr + chroma, p->c_stride, cw, ch, n.red + at, n.width, t);
}

static void place_all(bauta_net *b, const bauta_planes *p, const bauta_tile *tiles, int count)
{
	Net &n = b->n;
	n.full_range = p->full_range;
	const bool covered = count == 1 && tiles->dw == n.width && tiles->dh == n.height;
	if (!covered) { // black where no tile lies
		memset(n.luma, n.full_range ? 0 : 16, (size_t)n.width * n.height);
		memset(n.blue, 128, (size_t)n.width * n.height);
		memset(n.red, 128, (size_t)n.width * n.height);
	}
	for (int i = 0; i < count; i++)
		place(b, p, tiles[i]);
}

static float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

// The boxes of the cells that score at least min_score.
static int boxes(const Net &n, float min_score, bauta_box *out, int max)
{
	const float least = min_score * min_score;
	// Neither factor can make up for the other: most cells need no exponential.
	const float floor = least <= 0 ? -INFINITY : least >= 1 ? INFINITY : std::log(least / (1 - least)) - 1e-3f;
	int count = 0;
	for (int level = 0; level < LEVELS; level++) {
		const int stride = 8 << level, cols = n.heads[level]->w, cells = cols * n.heads[level]->h;
		const float *q = n.outputs[level];
		for (int i = 0; i < cells && count < max; i++, q += HEAD) {
			if (!(q[CLS] > floor && q[OBJ] > floor))
				continue;
			const float s = sigmoid(q[CLS]) * sigmoid(q[OBJ]);
			if (!(s > least))
				continue;
			const float cx = (i % cols + q[BOX]) * stride, cy = (i / cols + q[BOX + 1]) * stride;
			const float w = std::exp(q[BOX + 2]) * stride, h = std::exp(q[BOX + 3]) * stride;
			out[count++] = {cx - w / 2, cy - h / 2, w, h, std::sqrt(s)};
		}
	}
	return count;
}

int bauta_net_run(bauta_net *b, const bauta_planes *p, const bauta_tile *tiles, int count, float min_score, bauta_box *out, int max)
{
	try {
		place_all(b, p, tiles, count);
	} catch (const std::exception &) { // no memory for a larger frame's rows
		return -1;
	}
	b->n.kernel->run(b->n);
	return boxes(b->n, min_score, out, max);
}

const float *bauta_net_output(const bauta_net *b, int level, int *cells)
{
	*cells = b->n.heads[level]->w * b->n.heads[level]->h;
	return b->n.outputs[level];
}

const uint8_t *bauta_net_plane(const bauta_net *b, int plane)
{
	return plane == 0 ? b->n.luma : plane == 1 ? b->n.blue : b->n.red;
}
