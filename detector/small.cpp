#include "net.h"
#include "kernel.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

void bauta_reduce(const uint8_t *src, int stride, int w, int h, int f, uint8_t *dst, int dst_stride)
{
	std::vector<uint16_t> sums(f == 2 || f == 4 ? 0 : w);
	bauta::kernel().reduce(src, stride, w, h, f, dst, dst_stride, sums.data());
}

void bauta_cells(const uint8_t *a, const uint8_t *b, int stride, int w, int h, int cell, uint32_t *out)
{
	std::vector<uint16_t> columns(w);
	bauta::kernel().cells(a, b, stride, w, h, cell, out, columns.data());
}

// Templates are narrow: 16 bytes at a time, which every processor has, suit them best.
static uint32_t sad(const uint8_t *a, const uint8_t *b, int stride, int w, int h, int step, uint32_t limit)
{
	uint32_t sum = 0;
	for (int y = 0; y < h && sum < limit; y += step, a += (size_t)step * stride, b += (size_t)step * stride)
		for (int x = 0; x < w; x++)
			sum += std::abs(a[x] - b[x]);
	return sum;
}

float bauta_match(const uint8_t *a, const uint8_t *b, int stride, int pw, int ph,
	int tx, int ty, int w, int h, int px, int py, int r, int *bx, int *by)
{
	// Large templates are compared on every second or third row: enough to place them.
	const int step = h > 48 ? 3 : h > 24 ? 2 : 1;
	const uint8_t *t = a + (size_t)ty * stride + tx;
	uint32_t best = UINT32_MAX;
	int cx = px, cy = py;
	*bx = std::clamp(px, 0, pw - w);
	*by = std::clamp(py, 0, ph - h);
	const int coarse = r > 3 ? 2 : 1;
	auto compare = [&](int x, int y) {
		if (x < 0 || y < 0 || x + w > pw || y + h > ph)
			return;
		uint32_t s = sad(t, b + (size_t)y * stride + x, stride, w, h, step, best);
		if (s < best) {
			best = s;
			*bx = x;
			*by = y;
		}
	};
	compare(cx, cy); // the guess first: it lets the others stop early
	for (int y = cy - r; y <= cy + r; y += coarse)
		for (int x = cx - r; x <= cx + r; x += coarse)
			compare(x, y);
	if (coarse > 1) {
		const int fx = *bx, fy = *by;
		for (int y = fy - 1; y <= fy + 1; y++)
			for (int x = fx - 1; x <= fx + 1; x++)
				compare(x, y);
	}
	if (best == UINT32_MAX)
		return 255;
	return (float)best / (float)(w * ((h + step - 1) / step));
}
