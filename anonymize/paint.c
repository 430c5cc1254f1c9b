#include "paint.h"

#include <math.h>
#include <string.h>

static inline int clamp(int v, int low, int high) { return v < low ? low : v > high ? high : v; }

// The cell that covers row `at` of size, where cells have edges.
static int cell_at(int at, int size, int n)
{
	int c = (at + 1) * n / size;
	if (c > n - 1)
		c = n - 1;
	while (c * size / n > at)
		c--;
	return c;
}

// The cells' values for frame row y, in 1/256.
static void line_at(const bauta_mask *m, int y, int32_t line[BAUTA_CELLS])
{
	const int size = m->grid_height, at = clamp(y - m->grid_top, 0, size - 1);
	int a, b = 0, part = 0;
	if (m->hard) {
		a = cell_at(at, size, m->ny);
	} else {
		const int pos = clamp((2 * at + 1) * m->ny * 128 / size - 128, 0, (m->ny - 1) * 256);
		a = pos >> 8;
		part = pos & 255;
		b = a + 1 < m->ny ? a + 1 : a;
	}
	for (int i = 0; i < m->nx; i++)
		line[i] = m->v[a][i] * (256 - part) + m->v[b][i] * part;
}

void bauta_row(const bauta_mask *m, int y, uint8_t *row)
{
	int32_t line[BAUTA_CELLS];
	line_at(m, y, line);
	for (int k = 0; k < m->npieces; k++) {
		const bauta_piece *p = &m->pieces[k];
		const int32_t slope = (int32_t)((int64_t)(line[p->b] - line[p->a]) * p->share >> 8);
		const int32_t v = line[p->a] * 256 + slope * p->skip + (1 << 15);
		uint8_t *part = row + p->x0;
		for (int i = 0, n = p->x1 - p->x0; i < n; i++)
			part[i] = (uint8_t)((v + slope * i) >> 16);
	}
}

// Half the width in row y of the ellipse scaled by r, negative where the row misses it.
static double half_width(const bauta_mask *m, int y, double r)
{
	const double dy = (y - m->cy) / m->ry, d = r * r - dy * dy;
	return d < 0 ? -1 : m->rx * sqrt(d);
}

// Mixes src into dst by how far a pixel lies between the ellipse and its outer
// border, counted in squared radii.
static void blend(const bauta_mask *m, uint8_t *dst, const uint8_t *src, int y, int x0, int x1)
{
	const float outer = (float)((1 + m->edge) * (1 + m->edge)), gain = 256 / (outer - 1);
	const float dy = (float)((y - m->cy) / m->ry), rest = outer - dy * dy, inv = (float)(1 / m->rx), cx = (float)m->cx;
	for (int x = x0; x < x1; x++) {
		const float dx = ((float)x - cx) * inv;
		float share = (rest - dx * dx) * gain;
		share = share < 0 ? 0 : share > 256 ? 256 : share;
		const int a = (int)share;
		dst[x] = (uint8_t)((src[x - m->left] * a + dst[x] * (256 - a) + 128) >> 8);
	}
}

void bauta_paint(uint8_t *pix, int stride, const bauta_mask *m)
{
	uint8_t row[BAUTA_WIDEST];
	for (int y = m->top; y < m->bottom; y++) {
		int x0 = m->left, x1 = m->right, full0, full1;
		if (m->round) {
			const double half = half_width(m, y, m->soft ? 1 + m->edge : 1);
			if (half < 0)
				continue;
			x0 = clamp((int)ceil(m->cx - half), x0, x1);
			x1 = clamp((int)floor(m->cx + half) + 1, x0, x1);
		}
		full0 = x0;
		full1 = x1;
		if (m->round && m->soft) {
			const double half = half_width(m, y, 1);
			full0 = half < 0 ? x1 : clamp((int)ceil(m->cx - half), x0, x1);
			full1 = half < 0 ? x1 : clamp((int)floor(m->cx + half) + 1, full0, x1);
		}
		uint8_t *dst = pix + (int64_t)y * stride;
		bauta_row(m, y, row);
		memcpy(dst + full0, row + (full0 - m->left), (size_t)(full1 - full0));
		blend(m, dst, row, y, x0, full0);
		blend(m, dst, row, y, full1, x1);
	}
}
