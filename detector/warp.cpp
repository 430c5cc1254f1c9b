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

// Places within one pixel of the window, around its middle.
struct Places {
	int n; // 1 or 4
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

static void warp(const Warp &p, double x, double y, uint8_t *dst, int dst_stride, int w, int h)
{
	const double step = std::max(std::hypot((double)p.right_x, (double)p.right_y), std::hypot((double)p.down_x, (double)p.down_y)) / 65536;
	const Places q = places(p, step < 3 ? 1 : 2);
	for (int j = 0; j < h; j++) {
		int64_t px = (int64_t)(x * 65536) + (p.right_x * (1 - w) + p.down_x * (2 * j + 1 - h)) / 2;
		int64_t py = (int64_t)(y * 65536) + (p.right_y * (1 - w) + p.down_y * (2 * j + 1 - h)) / 2;
		for (int i = 0; i < w; i++, px += p.right_x, py += p.right_y)
			dst[(size_t)j * dst_stride + i] = (uint8_t)mean(p, q, px, py);
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
