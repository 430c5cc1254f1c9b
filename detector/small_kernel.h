// Small-frame arithmetic on bytes, compiled like net_kernel.h.

typedef uint8_t Bytes __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint32_t Four __attribute__((aligned(1), may_alias)); // four bytes
typedef uint16_t Two __attribute__((aligned(1), may_alias));

// One row of averages of f x f blocks; n counts them, sums holds n * f. f is below 64.
static void reduce_row(const uint8_t *__restrict src, int stride, int n, int f, uint8_t *__restrict dst, uint16_t *__restrict sums)
{
	if (f == 1) {
		memcpy(dst, src, n);
		return;
	}
	if (f == 2) {
		const Two *a = (const Two *)src, *b = (const Two *)(src + stride);
		for (int x = 0; x < n; x++)
			dst[x] = (uint16_t)((a[x] & 255) + (a[x] >> 8) + (b[x] & 255) + (b[x] >> 8) + 2) >> 2;
		return;
	}
	if (f == 4) {
		const Four *a = (const Four *)src, *b = (const Four *)(src + stride);
		const Four *c = (const Four *)(src + 2 * (size_t)stride), *d = (const Four *)(src + 3 * (size_t)stride);
		const uint32_t even = 0x00ff00ff;
		for (int x = 0; x < n; x++) {
			uint32_t s = (a[x] & even) + (b[x] & even) + (c[x] & even) + (d[x] & even);
			s += (a[x] >> 8 & even) + (b[x] >> 8 & even) + (c[x] >> 8 & even) + (d[x] >> 8 & even);
			dst[x] = ((s & 0xffff) + (s >> 16) + 8) >> 4;
		}
		return;
	}
	for (int x = 0; x < n * f; x++)
		sums[x] = src[x];
	for (int k = 1; k < f; k++) {
		src += stride;
		for (int x = 0; x < n * f; x++)
			sums[x] += src[x];
	}
	if (f == 3) {
		// 7282 / 65536 is a ninth, near enough for sums up to 9 * 255.
		for (int x = 0; x < n; x++)
			dst[x] = (uint32_t)(uint16_t)(sums[3 * x] + sums[3 * x + 1] + sums[3 * x + 2] + 4) * 7282 >> 16;
		return;
	}
	// A product is faster than a quotient, and the same for sums up to 256 * area.
	const uint64_t area = f * f, part = (1ull << 32) / area + 1;
	for (int x = 0; x < n; x++, sums += f) {
		uint32_t sum = area / 2;
		for (int k = 0; k < f; k++)
			sum += sums[k];
		dst[x] = sum * part >> 32;
	}
}

static void reduce(const uint8_t *src, int stride, int w, int h, int f, uint8_t *dst, int dst_stride, uint16_t *sums)
{
	for (int y = 0; y < h / f; y++, dst += dst_stride, src += (size_t)f * stride)
		reduce_row(src, stride, w / f, f, dst, sums);
}

// One row brought to the columns asked for, in 128ths. This and blend_rows
// round as OpenCV's resize does: a score moves by some thousandths otherwise.
static void resize_row(const Columns &c, const uint8_t *__restrict src, int16_t *__restrict dst)
{
	int x = 0; // first each column's two neighbours, side by side
	if (SHUFFLES && c.near)
		for (; x + 8 <= c.n; x += 8)
			*(Bytes *)(dst + x) = __builtin_shuffle(*(const Bytes *)(src + c.base[x / 8]), *(const Bytes *)(c.picks + 2 * x));
	for (; x < c.n; x++)
		dst[x] = (int16_t)(src[c.left[x]] | src[c.left[x] + 1 < c.w ? c.left[x] + 1 : c.left[x]] << 8);
	const int16_t *__restrict part = c.part;
	for (x = 0; x < c.n; x++) {
		const int16_t a = dst[x] & 255, b = (uint16_t)dst[x] >> 8, d = (b - a) * 128;
		dst[x] = (part[x] < 0 ? b : a) * 128 + (d * part[x] >> 16);
	}
}

// The row between upper and lower, part 2048ths of the way.
static void blend_rows(const int16_t *__restrict upper, const int16_t *__restrict lower, int16_t part, int n, uint8_t *__restrict dst)
{
	const int16_t rest = 2048 - part;
	for (int x = 0; x < n; x++)
		dst[x] = (uint16_t)((upper[x] * rest >> 16) + (lower[x] * part >> 16) + 2) >> 2;
}

static void resize(const Resize &r, const uint8_t *src, int stride, uint8_t *dst, int dst_stride)
{
	int held[2] = {-1, -1}; // which reduced rows r.rows holds
	auto row = [&](int y) {
		int16_t *out = r.rows[y & 1];
		if (held[y & 1] == y)
			return out;
		held[y & 1] = y;
		const uint8_t *at = src + (size_t)y * r.factor * stride;
		if (r.factor > 1) {
			reduce_row(at, stride, r.columns.w, r.factor, r.reduced, r.sums);
			at = r.reduced;
		}
		resize_row(r.columns, at, out);
		return out;
	};
	for (int y = 0; y < r.h; y++, dst += dst_stride) {
		int upper;
		const int part = place_of(y, r.h, r.source_h, &upper);
		const int16_t *a = row(upper), *b = row(upper + 1 < r.source_h ? upper + 1 : upper);
		blend_rows(a, b, part, r.columns.n, dst);
	}
}

// Sums of absolute differences over blocks; columns holds a row of them.
static void cells(const uint8_t *a, const uint8_t *b, int stride, int w, int h, int cell,
	uint32_t *__restrict out, uint16_t *__restrict columns)
{
	const int n = w / cell * cell;
	for (int j = 0; j < h / cell; j++) {
		for (int x = 0; x < n; x++)
			columns[x] = 0;
		for (int y = 0; y < cell; y++, a += stride, b += stride)
			for (int x = 0; x < n; x++)
				columns[x] += (uint8_t)((a[x] > b[x] ? a[x] : b[x]) - (a[x] > b[x] ? b[x] : a[x]));
		if (cell == 4) {
			const Four *c = (const Four *)columns; // two columns each
			for (int i = 0; i < w / 4; i++)
				out[i] = (c[2 * i] & 0xffff) + (c[2 * i] >> 16) + (c[2 * i + 1] & 0xffff) + (c[2 * i + 1] >> 16);
			out += w / 4;
			continue;
		}
		const uint16_t *c = columns;
		for (int i = 0; i < w / cell; i++, c += cell) {
			uint32_t sum = 0;
			for (int k = 0; k < cell; k++)
				sum += c[k];
			*out++ = sum;
		}
	}
}
