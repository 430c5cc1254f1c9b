#include "kernel.h"

#include <algorithm>
#include <new>
#include <vector>

// One row; weights are in 256ths.
static void average_row(uint16_t *__restrict sum, uint8_t *__restrict mean, const uint8_t *__restrict src, const int16_t *__restrict weights, int w)
{
	for (int x = 0; x < w; x++) {
		const int16_t off = (int16_t)((src[x] << 7) - sum[x]);
		sum[x] = (uint16_t)(sum[x] + (((int32_t)off * weights[x]) >> 8));
		mean[x] = (sum[x] + 64) >> 7;
	}
}

void bauta_average(uint16_t *sum, uint8_t *mean, const uint8_t *src, int stride, int w, int h,
	const uint8_t *ages, int side, int cols, int rows)
{
	std::vector<int16_t> weights(w, 256);
	for (int y = 0; y < h; y++, sum += w, mean += w, src += stride) {
		if (y % side == 0) {
			std::fill(weights.begin(), weights.end(), 256);
			for (int i = 0; i < cols && y / side < rows; i++)
				std::fill_n(weights.begin() + i * side, side, (int16_t)(256 / ages[y / side * cols + i]));
		}
		average_row(sum, mean, src, weights.data(), w);
	}
}

static void soften_row(const uint8_t *__restrict above, const uint8_t *__restrict row, const uint8_t *__restrict below, uint16_t *__restrict sums, uint8_t *__restrict dst, int w)
{
	for (int x = 0; x < w; x++)
		sums[x] = above[x] + 2 * row[x] + below[x];
	dst[0] = (3 * sums[0] + sums[std::min(1, w - 1)] + 8) >> 4;
	for (int x = 1; x < w - 1; x++)
		dst[x] = (sums[x - 1] + 2 * sums[x] + sums[x + 1] + 8) >> 4;
	if (w > 1)
		dst[w - 1] = (sums[w - 2] + 3 * sums[w - 1] + 8) >> 4;
}

void bauta_soften(const uint8_t *src, int stride, int w, int h, uint8_t *dst, int dst_stride)
{
	std::vector<uint16_t> sums(w);
	for (int y = 0; y < h; y++, dst += dst_stride) {
		const uint8_t *row = src + (size_t)y * stride;
		soften_row(y > 0 ? row - stride : row, row, y + 1 < h ? row + stride : row, sums.data(), dst, w);
	}
}

enum { LEVELS = 256, BAND = 4 };

// What each luma becomes in one tile.
static void curve(const uint8_t *src, int stride, int w, int h, int most, int low, int high, uint8_t *out)
{
	int counts[LEVELS] = {};
	for (int y = 0; y < h; y++, src += stride)
		for (int x = 0; x < w; x++)
			counts[src[x]]++;
	const int limit = std::max(1, most * w * h / LEVELS);
	int over = 0;
	for (int &n : counts) {
		over += std::max(0, n - limit);
		n = std::min(n, limit);
	}
	// What was cut goes to all levels alike.
	int64_t seen = 0;
	for (int i = 0; i < LEVELS; i++) {
		seen += counts[i];
		const int64_t spread = (int64_t)over * (i + 1) / LEVELS;
		out[i] = (uint8_t)(low + (seen + spread) * (high - low) / ((int64_t)w * h));
	}
}

// Where pixels lie between the middles of n tiles over a side: the tile before, and 256ths of the
// way to the next one.
struct Between {
	int before, after, part;
	Between(int at, int side, int n)
	{
		const int place = std::clamp((int)((int64_t)(2 * at + 1) * n * 128 / side) - 128, 0, (n - 1) * 256);
		before = place >> 8;
		after = std::min(before + 1, n - 1);
		part = place & 255;
	}
};

static int blend(int a, int b, int part) { return (a * (256 - part) + b * part + 128) >> 8; }

int bauta_even(const uint8_t *src, int stride, int w, int h, int columns, int rows, int most, int low, int high, uint8_t *dst, int dst_stride)
try {
	std::vector<uint8_t> curves((size_t)columns * rows * LEVELS), band((size_t)columns * LEVELS);
	for (int j = 0; j < rows; j++)
		for (int i = 0; i < columns; i++) {
			const int x = w * i / columns, y = h * j / rows;
			curve(src + (size_t)y * stride + x, stride, w * (i + 1) / columns - x, h * (j + 1) / rows - y, most, low, high, &curves[((size_t)j * columns + i) * LEVELS]);
		}
	std::vector<Between> across;
	for (int x = 0; x < w; x++)
		across.emplace_back(x, w, columns);
	for (int y = 0; y < h; y++, src += stride, dst += dst_stride) {
		if (y % BAND == 0) { // a few rows share the curves between two rows of tiles
			const Between down(y, h, rows);
			const uint8_t *a = &curves[(size_t)down.before * columns * LEVELS], *b = &curves[(size_t)down.after * columns * LEVELS];
			for (size_t i = 0; i < band.size(); i++)
				band[i] = blend(a[i], b[i], down.part);
		}
		for (int x = 0; x < w; x++) {
			const Between &c = across[x];
			dst[x] = blend(band[c.before * LEVELS + src[x]], band[c.after * LEVELS + src[x]], c.part);
		}
	}
	return 0;
} catch (const std::bad_alloc &) {
	return -1;
}
