#include "reference.h"

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <string>
#include <vector>

struct reference {
	cv::dnn::Net net;
	std::vector<cv::String> names;
	cv::Mat input;
	std::vector<cv::Mat> out;
};

reference *reference_open(const uint8_t *onnx, size_t n, int width, int height)
{
	cv::setNumThreads(1);
	reference *r = new reference;
	try {
		r->net = cv::dnn::readNetFromONNX((const char *)onnx, n);
		r->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
	} catch (const std::exception &) {
		delete r;
		return nullptr;
	}
	for (int stride : {8, 16, 32})
		for (const char *out : {"cls_", "obj_", "bbox_"})
			r->names.push_back(out + std::to_string(stride));
	r->input = cv::Mat(std::vector<int>{1, 3, height, width}, CV_32F, cv::Scalar(0));
	return r;
}

void reference_close(reference *r) { delete r; }

float *reference_input(reference *r) { return (float *)r->input.data; }

void reference_scale(const uint8_t *src, int stride, int w, int h, uint8_t *dst, int dst_stride, int dw, int dh)
{
	cv::Mat from(h, w, CV_8U, (void *)src, stride), to(dh, dw, CV_8U, dst, dst_stride);
	const int f = std::max(1, std::min(w / dw, h / dh));
	cv::Mat small(h / f, w / f, CV_8U);
	for (int y = 0; y < small.rows; y++)
		for (int x = 0; x < small.cols; x++)
			small.at<uint8_t>(y, x) = (cv::sum(from(cv::Rect(x * f, y * f, f, f)))[0] + f * f / 2) / (f * f);
	cv::resize(small, to, to.size(), 0, 0, cv::INTER_LINEAR);
}

int reference_forward(reference *r)
{
	try {
		r->net.setInput(r->input);
		r->net.forward(r->out, r->names);
		return 0;
	} catch (const std::exception &) {
		return -1;
	}
}

const float *reference_output(reference *r, int level, int part, int *n)
{
	const cv::Mat &m = r->out[level * 3 + part];
	*n = (int)m.total();
	return m.ptr<float>();
}
