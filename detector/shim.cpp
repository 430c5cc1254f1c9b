#include "shim.h"

#include <opencv2/core.hpp>

const char *bauta_cv_version(void) { return CV_VERSION; }

void bauta_cv_single_thread(void)
{
	cv::setNumThreads(1);
	// 4.6 prints every exception, caught or not; silence is what a daemon wants.
	cv::redirectError([](int, const char *, const char *, const char *, int, void *) { return 0; });
}
