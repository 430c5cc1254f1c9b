#include "kernel.h"

#include <algorithm>
#include <cmath>

// A plane and a window into it, in 65536ths of the plane's pixels.
struct Warp {
	const uint8_t *src;
	int stride, w, h;
	int64_t right_x, right_y, down_x, down_y;
};

static const int GREY = 128;

// The pixel at a place, the nearest one.
static int sample(const Warp &p, int64_t x, int64_t y)
{
	const int64_t i = x >> 16, j = y >> 16;
	if (i < 0 || j < 0 || i >= p.w || j >= p.h)
		return GREY;
	return p.src[j * p.stride + i];
}

// The value at a place between four pixels, by straight lines.
static int between(const Warp &p, int64_t x, int64_t y)
{
	x -= 32768, y -= 32768;
	const int64_t a = (x & 65535) >> 8, b = (y & 65535) >> 8;
	const int64_t top = sample(p, x, y) * (256 - a) + sample(p, x + 65536, y) * a;
	const int64_t bottom = sample(p, x, y + 65536) * (256 - a) + sample(p, x + 65536, y + 65536) * a;
	return (int)((top * (256 - b) + bottom * b + 32768) >> 16);
}

// Places within one pixel of the window, around its middle: 1, between four of the
// plane's pixels, or 4, each nearest to one.
struct Places {
	int n;
	int64_t x[4], y[4];
};

static Places places(const Warp &p, int side)
{
	Places q = {side * side, {}, {}};
	for (int i = 0; i < q.n; i++) {
		const int64_t u = 2 * (i % side) + 1 - side, v = 2 * (i / side) + 1 - side;
		q.x[i] = (p.right_x * u + p.down_x * v) / (2 * side);
		q.y[i] = (p.right_y * u + p.down_y * v) / (2 * side);
	}
	return q;
}

static int mean(const Warp &p, const Places &q, int64_t x, int64_t y)
{
	if (q.n == 1)
		return between(p, x, y);
	int sum = 0;
	for (int i = 0; i < q.n; i++)
		sum += sample(p, x + q.x[i], y + q.y[i]);
	return (sum + q.n / 2) / q.n;
}

// Pixels from..to-1 of a row.
struct Span {
	int from, to;
};

static Span both(Span a, Span b) { return {std::max(a.from, b.from), std::max(std::max(a.from, b.from), std::min(a.to, b.to))}; }

// The pixels of n that lie from low to high, where the first lies at `at`.
static Span within(int64_t at, int64_t step, int64_t low, int64_t high, int n)
{
	if (step < 0)
		return within(-at, -step, -high, -low, n);
	if (step == 0)
		return {0, at >= low && at <= high ? n : 0};
	const auto up = [&](int64_t way) { return way <= 0 ? 0 : (int)std::min<int64_t>((way + step - 1) / step, n); };
	return {up(low - at), up(high + 1 - at)};
}

// A row's pixels of which all places, or any, lie in the plane. A place reaches `half` further.
static Span inside(const Warp &p, const Places &q, int64_t x, int64_t y, int n, int64_t half, bool all)
{
	const auto part = [&](int64_t at, int64_t step, const int64_t *places, int size) {
		const auto [least, most] = std::minmax_element(places, places + q.n);
		const int64_t low = all ? half - *least : -half - *most, end = (int64_t)size << 16;
		return within(at, step, low, end - 1 - (all ? half + *most : *least - half), n);
	};
	return both(part(x, p.right_x, q.x, p.w), part(y, p.right_y, q.y, p.h));
}

// A row's pixels that lie wholly inside the plane, by straight lines between four.
static void row_between(const Warp &p, int64_t x, int64_t y, Span s, uint8_t *dst)
{
	int32_t px = (int32_t)(x + s.from * p.right_x - 32768), py = (int32_t)(y + s.from * p.right_y - 32768);
	for (int i = s.from; i < s.to; i++, px += (int32_t)p.right_x, py += (int32_t)p.right_y) {
		const uint8_t *at = p.src + (ptrdiff_t)(py >> 16) * p.stride + (px >> 16);
		const int a = (px & 65535) >> 8, b = (py & 65535) >> 8;
		const int top = at[0] * (256 - a) + at[1] * a, bottom = at[p.stride] * (256 - a) + at[p.stride + 1] * a;
		dst[i] = (uint8_t)((top * (256 - b) + bottom * b + 32768) >> 16);
	}
}

// The same, the mean of the four places.
static void row_mean(const Warp &p, const Places &q, int64_t x, int64_t y, Span s, uint8_t *dst)
{
	int32_t px = (int32_t)(x + s.from * p.right_x), py = (int32_t)(y + s.from * p.right_y);
	const int32_t qx[4] = {(int32_t)q.x[0], (int32_t)q.x[1], (int32_t)q.x[2], (int32_t)q.x[3]};
	const int32_t qy[4] = {(int32_t)q.y[0], (int32_t)q.y[1], (int32_t)q.y[2], (int32_t)q.y[3]};
	for (int i = s.from; i < s.to; i++, px += (int32_t)p.right_x, py += (int32_t)p.right_y) {
		int sum = 2;
		for (int k = 0; k < 4; k++)
			sum += p.src[(ptrdiff_t)((py + qy[k]) >> 16) * p.stride + ((px + qx[k]) >> 16)];
		dst[i] = (uint8_t)(sum / 4);
	}
}

static void warp(const Warp &p, double x, double y, uint8_t *dst, int dst_stride, int w, int h)
{
	const double step = std::max(std::hypot((double)p.right_x, (double)p.right_y), std::hypot((double)p.down_x, (double)p.down_y)) / 65536;
	const Places q = places(p, step < 3 ? 1 : 2);
	const int64_t half = q.n == 1 ? 32768 : 0; // between four pixels
	for (int j = 0; j < h; j++, dst += dst_stride) {
		const int64_t px = (int64_t)(x * 65536) + (p.right_x * (1 - w) + p.down_x * (2 * j + 1 - h)) / 2;
		const int64_t py = (int64_t)(y * 65536) + (p.right_y * (1 - w) + p.down_y * (2 * j + 1 - h)) / 2;
		const Span some = inside(p, q, px, py, w, half, false), all = inside(p, q, px, py, w, half, true);
		const Span clear = all.from < all.to ? all : Span{some.from, some.from};
		std::fill(dst, dst + some.from, GREY);
		for (int i = some.from; i < clear.from; i++)
			dst[i] = (uint8_t)mean(p, q, px + i * p.right_x, py + i * p.right_y);
		q.n == 1 ? row_between(p, px, py, clear, dst) : row_mean(p, q, px, py, clear, dst);
		for (int i = clear.to; i < some.to; i++)
			dst[i] = (uint8_t)mean(p, q, px + i * p.right_x, py + i * p.right_y);
		std::fill(dst + some.to, dst + w, GREY);
	}
}

void bauta_warp(const bauta_planes *p, const bauta_axes *a, uint8_t *y, uint8_t *cb, uint8_t *cr, int y_stride, int c_stride, int w, int h)
{
	const auto fixed = [](double v) { return (int64_t)std::llround(v * 65536); };
	Warp plane = {p->y, p->y_stride, p->width, p->height, fixed(a->right_x), fixed(a->right_y), fixed(a->down_x), fixed(a->down_y)};
	warp(plane, a->x, a->y, y, y_stride, w, h);
	plane.stride = p->c_stride, plane.w = (p->width + 1) / 2, plane.h = (p->height + 1) / 2;
	plane.src = p->cb;
	warp(plane, a->x / 2, a->y / 2, cb, c_stride, w / 2, h / 2);
	plane.src = p->cr;
	warp(plane, a->x / 2, a->y / 2, cr, c_stride, w / 2, h / 2);
}
