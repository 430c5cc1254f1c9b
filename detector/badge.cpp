#include "badge.h"
#include "shim.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

// OpenCV has a detector of its own, but Debian 12 ships it in a package that
// brings Qt, GDAL and database clients along (133 packages, 199 MB), and Debian 13 has
// another interface. This one needs imgproc only, is the same on both, and is
// stricter: no bit is corrected, and the white around the marker must be there.

// DICT_4X4_250: the inner 4 x 4 cells row by row, the highest bit first, 1 is
// white. The numbers are the format's, as cv::aruco::drawMarker draws them.
static const uint16_t dictionary[250] = {
	0xb532, 0x0f9a, 0x332d, 0x9946, 0x549e, 0x79cd, 0x9e2e, 0xc4f2, 0xfeda, 0xcf56, 0xf991, 0x11a7,
	0x0eb7, 0x2a0f, 0x24b1, 0x263e, 0x4665, 0x6600, 0x6c5e, 0x76af, 0x868b, 0xb02b, 0xccd5, 0xdd82,
	0xfe47, 0x9471, 0xace4, 0xa554, 0x2123, 0x346f, 0x4415, 0x57b2, 0x9ecf, 0xf0cb, 0x08ae, 0x0929,
	0x1875, 0x04ff, 0x0df6, 0x1c5a, 0x1718, 0x2a28, 0x328c, 0x38b2, 0x24e8, 0x2eeb, 0x2d3f, 0x4b64,
	0x502e, 0x5013, 0x5194, 0x5568, 0x5d41, 0x5f97, 0x6801, 0x6867, 0x6124, 0x61e9, 0x6b12, 0x6fe5,
	0x67df, 0x7e1b, 0x80a0, 0x8344, 0x8ba2, 0x937a, 0x846c, 0x852a, 0x859c, 0x9c89, 0x9fa1, 0xbb7c,
	0xbc04, 0xb65b, 0xbfc8, 0xb7ab, 0xca1f, 0xc962, 0xd958, 0xd3d5, 0xcc98, 0xc7a0, 0xc537, 0xe95d,
	0xf925, 0xfbbb, 0xee2a, 0xf74d, 0x3575, 0x8aad, 0x7617, 0x0acf, 0x064b, 0x2dc1, 0x49d8, 0x43f4,
	0x4f36, 0x4fd3, 0x69e4, 0x70c7, 0x7a6e, 0xb4ea, 0xed4f, 0xfce7, 0xfea6, 0x0025, 0x0043, 0x0a88,
	0x0a86, 0x026f, 0x001c, 0x0097, 0x0837, 0x0a31, 0x09c6, 0x0b01, 0x09fb, 0x0b58, 0x1082, 0x182d,
	0x1078, 0x1073, 0x1274, 0x12b1, 0x1af9, 0x1306, 0x0c0e, 0x0cf1, 0x0433, 0x0c9f, 0x0ef2, 0x0efd,
	0x074c, 0x0fa4, 0x072f, 0x05b5, 0x0f91, 0x07db, 0x1ee4, 0x1439, 0x1d80, 0x15c8, 0x1f8b, 0x15ba,
	0x1db1, 0x2080, 0x28e9, 0x22a2, 0x2853, 0x2af0, 0x22f7, 0x2940, 0x2146, 0x29b9, 0x2b9c, 0x2bb2,
	0x38ca, 0x382e, 0x3007, 0x38e7, 0x3a49, 0x3a65, 0x325d, 0x3b88, 0x391d, 0x3bd3, 0x2647, 0x2780,
	0x2faa, 0x2d14, 0x25de, 0x2553, 0x2f77, 0x3448, 0x3ca8, 0x3c41, 0x340d, 0x34fb, 0x369a, 0x3de0,
	0x356a, 0x3d09, 0x3ded, 0x3fc4, 0x3f6c, 0x37ce, 0x3d5c, 0x3d76, 0x37b0, 0x3f17, 0x3fff, 0x48e5,
	0x4268, 0x4a2d, 0x4160, 0x4951, 0x41dd, 0x4bdf, 0x584f, 0x5a48, 0x5816, 0x505d, 0x5afa, 0x5ab5,
	0x5123, 0x5b8a, 0x5919, 0x5135, 0x4c69, 0x46c1, 0x4e0b, 0x445f, 0x4e59, 0x4d83, 0x4d7d, 0x47d8,
	0x4773, 0x5c85, 0x5e44, 0x562b, 0x5cbb, 0x55c3, 0x5f6e, 0x5feb, 0x5d12, 0x555e, 0x6270, 0x6215,
	0x61c2, 0x6b20, 0x6345, 0x6b5c, 0x6b5b, 0x780c, 0x7acf, 0x787f, 0x7980, 0x71e5, 0x7174, 0x79b6,
	0x71d3, 0x7b33, 0x646a, 0x66a8, 0x6ea7, 0x6e91, 0x6522, 0x6dcb, 0x678d, 0x6d31,
};

namespace {

const int cells = 6;        // of a marker's side, its black border included
const float least_side = 12; // pixels: two for each cell
const float least_contrast = 24;
// A pixel counts as dark where it is so many steps below the mean of the square around it,
// which is wider than the black border of the largest marker that the caller looks for.
const int window = 31, darker = 9;

using Quad = std::array<cv::Point2f, 4>;

// Homography of the unit square to a quad (Heckbert, "Fundamentals of texture
// mapping and image warping", 1989).
struct Warp {
	float a, b, c, d, e, f, g, h;
	explicit Warp(const Quad &q)
	{
		const cv::Point2f s = q[0] - q[1] + q[2] - q[3], u = q[1] - q[2], v = q[3] - q[2];
		const float det = u.x * v.y - u.y * v.x;
		g = (s.x * v.y - s.y * v.x) / det;
		h = (u.x * s.y - u.y * s.x) / det;
		a = q[1].x - q[0].x + g * q[1].x;
		b = q[3].x - q[0].x + h * q[3].x;
		c = q[0].x;
		d = q[1].y - q[0].y + g * q[1].y;
		e = q[3].y - q[0].y + h * q[3].y;
		f = q[0].y;
	}
	cv::Point2f operator()(float u, float v) const
	{
		const float w = g * u + h * v + 1;
		return {(a * u + b * v + c) / w, (d * u + e * v + f) / w};
	}
};

// Luma at a point between pixels; outside of the picture the border goes on.
float luma(const cv::Mat &m, cv::Point2f p)
{
	const float x = std::clamp(p.x, 0.f, m.cols - 1.001f), y = std::clamp(p.y, 0.f, m.rows - 1.001f);
	const int i = (int)x, j = (int)y;
	const float u = x - i, v = y - j;
	const uint8_t *r = m.ptr(j) + i, *s = m.ptr(std::min(j + 1, m.rows - 1)) + i;
	const int k = std::min(i + 1, m.cols - 1) - i;
	return (r[0] * (1 - u) + r[k] * u) * (1 - v) + (s[0] * (1 - u) + s[k] * u) * v;
}

// Mean luma of the middle of cell (i, j); -1 and 6 are the white around the marker.
float cell(const cv::Mat &m, const Warp &warp, int i, int j)
{
	float sum = 0;
	for (float dy : {0.3f, 0.5f, 0.7f})
		for (float dx : {0.3f, 0.5f, 0.7f})
			sum += luma(m, warp((i + dx) / cells, (j + dy) / cells));
	return sum / 9;
}

float median(std::vector<float> v)
{
	std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
	return v[v.size() / 2];
}

// Reads the 16 bits; false where the quad has no black border in white or a
// cell is neither black nor white.
bool read(const cv::Mat &m, const Quad &q, uint16_t &bits)
{
	const Warp warp(q);
	std::vector<float> border, around;
	for (int i = 0; i < cells; i++)
		for (int j : {-1, 0, cells - 1, cells}) {
			auto &list = j == 0 || j == cells - 1 ? border : around;
			list.push_back(cell(m, warp, i, j));
			list.push_back(cell(m, warp, j, i));
		}
	const float black = median(border), white = median(around), contrast = white - black, middle = (black + white) / 2;
	if (contrast < least_contrast)
		return false;
	const auto light = [&](float v) { return v > middle; };
	// Two cells of the border and a quarter of the white may be dirty or covered.
	if (std::count_if(border.begin(), border.end(), light) > 2 || std::count_if(around.begin(), around.end(), light) < 18)
		return false;
	bits = 0;
	for (int j = 1; j < cells - 1; j++)
		for (int i = 1; i < cells - 1; i++) {
			const float v = cell(m, warp, i, j);
			if (std::abs(v - middle) < 0.12f * contrast)
				return false;
			bits = bits << 1 | light(v);
		}
	return true;
}

// The bits of the marker turned a quarter to the left.
uint16_t turned(uint16_t bits)
{
	uint16_t out = 0;
	for (int j = 0; j < 4; j++)
		for (int i = 0; i < 4; i++)
			out = out << 1 | (bits >> (15 - (4 * i + 3 - j)) & 1);
	return out;
}

// Finds the marker whose bits these are, and how many quarters to turn it; -1 for none.
// Number 0 is not for badges: what is forgotten to be set is 0.
int lookup(uint16_t bits, int &turns)
{
	for (turns = 0; turns < 4; turns++, bits = turned(bits))
		for (int id = 1; id < 250; id++)
			if (dictionary[id] == bits)
				return id;
	return -1;
}

// Holes in dark blobs run the other way round than the blobs' outer edges.
bool hole(const std::vector<cv::Point> &contour) { return cv::contourArea(contour, true) > 0; }

// The corners of a contour that may be a marker's outer edge.
bool corners(const std::vector<cv::Point> &contour, Quad &q)
{
	std::vector<cv::Point> poly;
	const double length = (double)contour.size(); // every pixel is in it
	cv::approxPolyDP(contour, poly, 0.05 * length, true);
	if (poly.size() != 4 || !cv::isContourConvex(poly))
		return false;
	for (int i = 0; i < 4; i++)
		q[i] = poly[i];
	float shortest = 1e9f, longest = 0;
	for (int i = 0; i < 4; i++) {
		const float side = (float)cv::norm(q[i] - q[(i + 1) % 4]);
		shortest = std::min(shortest, side);
		longest = std::max(longest, side);
	}
	if (shortest < least_side || shortest < 0.4f * longest)
		return false;
	// Clockwise in a picture whose y grows downward.
	const cv::Point2f u = q[1] - q[0], v = q[2] - q[0];
	if (u.x * v.y - u.y * v.x < 0)
		std::swap(q[1], q[3]);
	return true;
}

// Contours run through the middles of the outermost black pixels: the edge is
// half a pixel further out.
void widen(Quad &q)
{
	const cv::Point2f middle = (q[0] + q[1] + q[2] + q[3]) * 0.25f;
	for (auto &p : q) {
		const cv::Point2f d = p - middle;
		p += d * (float)(0.7 / std::max(1., cv::norm(d)));
	}
}

void search(const cv::Mat &m, std::vector<bauta_marker> &found)
{
	cv::Mat dark;
	cv::adaptiveThreshold(m, dark, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY_INV, window, darker);
	std::vector<std::vector<cv::Point>> contours;
	cv::findContours(dark, contours, cv::RETR_LIST, cv::CHAIN_APPROX_NONE);
	for (const auto &contour : contours) {
		Quad q;
		uint16_t bits;
		if (contour.size() < 3 * (size_t)least_side || hole(contour) || !corners(contour, q))
			continue;
		widen(q);
		if (!read(m, q, bits))
			continue;
		int turns;
		bauta_marker marker = {lookup(bits, turns), {}, {}};
		if (marker.id < 0)
			continue;
		for (int i = 0; i < 4; i++) {
			marker.x[i] = q[(i + turns) % 4].x;
			marker.y[i] = q[(i + turns) % 4].y;
		}
		found.push_back(marker);
	}
}

// A blob may be found more than once where its edge touches itself.
bool same(const bauta_marker &a, const bauta_marker &b)
{
	float far = 0;
	for (int i = 0; i < 4; i++)
		far = std::max(far, std::hypot(a.x[i] - b.x[i], a.y[i] - b.y[i]));
	return a.id == b.id && far < 0.25f * std::hypot(a.x[0] - a.x[2], a.y[0] - a.y[2]);
}

} // namespace

int bauta_badges(const uint8_t *src, int stride, int width, int height, int factor,
	bauta_marker *out, int max, char *err, size_t errn)
{
	try {
		cv::Mat m(height, width, CV_8U, (void *)src, stride);
		if (factor > 1) {
			m = cv::Mat(height / factor, width / factor, CV_8U);
			bauta_reduce(src, stride, width, height, factor, m.data, (int)m.step);
		}
		std::vector<bauta_marker> found;
		search(m, found);
		int n = 0;
		for (const auto &f : found)
			if (n < max && std::none_of(out, out + n, [&](const bauta_marker &o) { return same(o, f); }))
				out[n++] = f;
		return n;
	} catch (const std::exception &e) {
		snprintf(err, errn, "%s", e.what());
	} catch (...) {
		snprintf(err, errn, "unknown C++ exception");
	}
	return -1;
}
