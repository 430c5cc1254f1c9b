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
int lookup(const uint16_t *patterns, int count, uint16_t bits, int &turns)
{
	for (turns = 0; turns < 4; turns++, bits = turned(bits))
		for (int id = 1; id < count; id++)
			if (patterns[id] == bits)
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

void search(const cv::Mat &m, const uint16_t *patterns, int count, std::vector<bauta_marker> &found)
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
		bauta_marker marker = {lookup(patterns, count, bits, turns), {}, {}};
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
	const uint16_t *patterns, int count, bauta_marker *out, int max, char *err, size_t errn)
{
	try {
		cv::Mat m(height, width, CV_8U, (void *)src, stride);
		if (factor > 1) {
			m = cv::Mat(height / factor, width / factor, CV_8U);
			bauta_reduce(src, stride, width, height, factor, m.data, (int)m.step);
		}
		std::vector<bauta_marker> found;
		search(m, patterns, count, found);
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
