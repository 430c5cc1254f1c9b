#include "shim.h"

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

// No exception may cross into Go: every call that can throw runs through here.
template <typename F> static int guarded(char *err, size_t errn, F body)
{
	try {
		return body();
	} catch (const std::exception &e) {
		snprintf(err, errn, "%s", e.what());
	} catch (...) {
		snprintf(err, errn, "unknown C++ exception");
	}
	return -1;
}

const char *bauta_cv_version(void) { return CV_VERSION; }

void bauta_cv_single_thread(void)
{
	cv::setNumThreads(1);
	// 4.6 prints every exception that is caught above; silence is what a daemon wants.
	cv::redirectError([](int, const char *, const char *, const char *, int, void *) { return 0; });
}

void bauta_reduce(const uint8_t *src, int stride, int w, int h, int f, uint8_t *dst, int dst_stride)
{
	const int ow = w / f, oh = h / f;
	std::vector<uint16_t> sums(ow * f);
	const uint32_t round = f * f / 2, scale = (1u << 24) / (f * f);
	for (int y = 0; y < oh; y++, dst += dst_stride) {
		const uint8_t *row = src + (size_t)y * f * stride;
		for (int x = 0; x < ow * f; x++)
			sums[x] = row[x];
		for (int k = 1; k < f; k++) {
			row += stride;
			for (int x = 0; x < ow * f; x++)
				sums[x] += row[x];
		}
		const uint16_t *s = sums.data();
		switch (f) {
		case 2:
			for (int x = 0; x < ow; x++)
				dst[x] = (s[2 * x] + s[2 * x + 1] + 2) >> 2;
			break;
		case 4:
			for (int x = 0; x < ow; x++)
				dst[x] = (s[4 * x] + s[4 * x + 1] + s[4 * x + 2] + s[4 * x + 3] + 8) >> 4;
			break;
		default:
			for (int x = 0; x < ow; x++, s += f) {
				uint32_t sum = round;
				for (int k = 0; k < f; k++)
					sum += s[k];
				dst[x] = (uint8_t)(((uint64_t)sum * scale + (1 << 10)) >> 24);
			}
		}
	}
}

void bauta_cells(const uint8_t *a, const uint8_t *b, int stride, int w, int h, int cell, uint32_t *out)
{
	const int cw = w / cell, ch = h / cell, n = cw * cell;
	std::vector<uint16_t> columns(n);
	for (int j = 0; j < ch; j++) {
		std::fill(columns.begin(), columns.end(), 0);
		for (int y = 0; y < cell; y++, a += stride, b += stride)
			for (int x = 0; x < n; x++)
				columns[x] += (uint16_t)std::abs(a[x] - b[x]);
		const uint16_t *c = columns.data();
		for (int i = 0; i < cw; i++, c += cell) {
			uint32_t sum = 0;
			for (int k = 0; k < cell; k++)
				sum += c[k];
			*out++ = sum;
		}
	}
}

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
	auto look = [&](int x, int y) {
		if (x < 0 || y < 0 || x + w > pw || y + h > ph)
			return;
		uint32_t s = sad(t, b + (size_t)y * stride + x, stride, w, h, step, best);
		if (s < best) {
			best = s;
			*bx = x;
			*by = y;
		}
	};
	look(cx, cy); // the guess first: it lets the others stop early
	for (int y = cy - r; y <= cy + r; y += coarse)
		for (int x = cx - r; x <= cx + r; x += coarse)
			look(x, y);
	if (coarse > 1) {
		const int fx = *bx, fy = *by;
		for (int y = fy - 1; y <= fy + 1; y++)
			for (int x = fx - 1; x <= fx + 1; x++)
				look(x, y);
	}
	if (best == UINT32_MAX)
		return 255;
	return (float)best / (float)(w * ((h + step - 1) / step));
}

struct bauta_net {
	cv::dnn::Net net;
	std::vector<cv::String> names;
	cv::Mat input; // 1 x 3 x height x width, BGR
	int width, height;
};

bauta_net *bauta_net_open(const uint8_t *onnx, size_t n, int width, int height, char *err, size_t errn)
{
	bauta_net *b = nullptr;
	int ret = guarded(err, errn, [&] {
		b = new bauta_net;
		b->net = cv::dnn::readNetFromONNX((const char *)onnx, n);
		b->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
		for (int stride : {8, 16, 32})
			for (const char *out : {"cls_", "obj_", "bbox_"})
				b->names.push_back(out + std::to_string(stride));
		b->width = width;
		b->height = height;
		b->input = cv::Mat(std::vector<int>{1, 3, height, width}, CV_32F, cv::Scalar(0));
		return 0;
	});
	if (ret == 0)
		return b;
	delete b;
	return nullptr;
}

void bauta_net_close(bauta_net *b) { delete b; }

// One plane's part, brought to the tile's size.
static cv::Mat scaled(const uint8_t *plane, int stride, int x, int y, int w, int h, int dw, int dh)
{
	const uint8_t *src = plane + (size_t)y * stride + x;
	cv::Mat out(h, w, CV_8U, (void *)src, stride);
	int f = std::min(w / dw, h / dh);
	if (f > 1) {
		cv::Mat small(h / f, w / f, CV_8U);
		bauta_reduce(src, stride, w, h, f, small.data, (int)small.step);
		out = small;
	}
	if (out.cols != dw || out.rows != dh) {
		cv::Mat exact;
		cv::resize(out, exact, cv::Size(dw, dh), 0, 0, cv::INTER_LINEAR);
		out = exact;
	}
	return out;
}

static void place(bauta_net *b, const bauta_planes *p, const bauta_tile &t)
{
	cv::Mat y = scaled(p->y, p->y_stride, t.sx, t.sy, t.sw, t.sh, t.dw, t.dh);
	const int cx = t.sx / 2, cy = t.sy / 2, cw = std::max(1, t.sw / 2), ch = std::max(1, t.sh / 2);
	cv::Mat u = scaled(p->cb, p->c_stride, cx, cy, cw, ch, t.dw, t.dh);
	cv::Mat v = scaled(p->cr, p->c_stride, cx, cy, cw, ch, t.dw, t.dh);
	// BT.601, the matrix of the pictures that YuNet was trained on closely enough.
	const float gain = p->full_range ? 1.f : 255.f / 219.f, lift = p->full_range ? 0.f : 16.f;
	const float cg = p->full_range ? 1.f : 255.f / 224.f;
	const size_t area = (size_t)b->width * b->height;
	for (int r = 0; r < t.dh; r++) {
		float *bl = (float *)b->input.data + (size_t)(t.dy + r) * b->width + t.dx, *gr = bl + area, *rd = gr + area;
		const uint8_t *py = y.ptr(r), *pu = u.ptr(r), *pv = v.ptr(r);
		for (int x = 0; x < t.dw; x++) {
			float l = (py[x] - lift) * gain, cb = (pu[x] - 128) * cg, cr = (pv[x] - 128) * cg;
			bl[x] = std::clamp(l + 1.772f * cb, 0.f, 255.f);
			gr[x] = std::clamp(l - 0.344136f * cb - 0.714136f * cr, 0.f, 255.f);
			rd[x] = std::clamp(l + 1.402f * cr, 0.f, 255.f);
		}
	}
}

int bauta_net_run(bauta_net *b, const bauta_planes *p, const bauta_tile *tiles, int count, float min_score,
	bauta_box *out, int max, char *err, size_t errn)
{
	return guarded(err, errn, [&] {
		b->input.setTo(0);
		for (int i = 0; i < count; i++)
			place(b, p, tiles[i]);
		std::vector<cv::Mat> o;
		b->net.setInput(b->input);
		b->net.forward(o, b->names);
		int n = 0, level = 0;
		for (int stride : {8, 16, 32}) {
			const float *cls = o[level].ptr<float>(), *obj = o[level + 1].ptr<float>(), *box = o[level + 2].ptr<float>();
			level += 3;
			const int cols = b->width / stride, cells = cols * (b->height / stride);
			for (int i = 0; i < cells && n < max; i++) {
				float s = std::min(cls[i], 1.f) * std::min(obj[i], 1.f);
				if (!(s > min_score * min_score))
					continue;
				const float *q = box + 4 * i;
				float cx = (i % cols + q[0]) * stride, cy = (i / cols + q[1]) * stride;
				float w = std::exp(q[2]) * stride, h = std::exp(q[3]) * stride;
				out[n++] = {cx - w / 2, cy - h / 2, w, h, std::sqrt(s)};
			}
		}
		return n;
	});
}

struct bauta_reserve {
	cv::CascadeClassifier frontal, profile;
	cv::HOGDescriptor people;
};

bauta_reserve *bauta_reserve_open(const char *frontal, const char *profile, char *err, size_t errn)
{
	bauta_reserve *b = nullptr;
	int ret = guarded(err, errn, [&] {
		b = new bauta_reserve;
		if (!b->frontal.load(frontal) || !b->profile.load(profile)) {
			snprintf(err, errn, "the Haar cascades do not load");
			return -1;
		}
		b->people.setSVMDetector(cv::HOGDescriptor::getDefaultPeopleDetector());
		return 0;
	});
	if (ret == 0)
		return b;
	delete b;
	return nullptr;
}

void bauta_reserve_close(bauta_reserve *b) { delete b; }

static void cascade(cv::CascadeClassifier &c, const cv::Mat &m, std::vector<cv::Rect> &found, bool mirrored)
{
	std::vector<cv::Rect> r;
	// Two neighbours and a scale step of 1.2: eager, because a missed face costs more than a needless mask.
	c.detectMultiScale(m, r, 1.2, 2, 0, cv::Size(20, 20));
	for (auto &b : r) {
		if (mirrored)
			b.x = m.cols - b.x - b.width;
		found.push_back(b);
	}
}

int bauta_reserve_run(bauta_reserve *b, const uint8_t *luma, int stride, int width, int height,
	int kind, bauta_box *out, int max, char *err, size_t errn)
{
	return guarded(err, errn, [&] {
		cv::Mat m(height, width, CV_8U, (void *)luma, stride), flat;
		cv::equalizeHist(m, flat);
		std::vector<cv::Rect> found;
		if (kind == 0) {
			cascade(b->frontal, flat, found, false);
		} else if (kind == 1) {
			cascade(b->profile, flat, found, false);
			cv::Mat turned;
			cv::flip(flat, turned, 1);
			cascade(b->profile, turned, found, true);
		} else if (width >= 64 && height >= 128) {
			b->people.detectMultiScale(m, found, 0, cv::Size(8, 8), cv::Size(), 1.1, 1);
		}
		int n = 0;
		for (size_t i = 0; i < found.size() && n < max; i++) {
			const cv::Rect &r = found[i];
			out[n++] = {(float)r.x, (float)r.y, (float)r.width, (float)r.height, 0.5f};
		}
		return n;
	});
}
