#include "shim.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include <cstdio>
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
