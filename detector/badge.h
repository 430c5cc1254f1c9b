#ifndef BAUTA_DETECTOR_BADGE_H
#define BAUTA_DETECTOR_BADGE_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

// The corners are the marker's own, from its top left clockwise, in pixels of
// the reduced luma.
typedef struct { int id; float x[4], y[4]; } bauta_marker;

// Looks for `count` markers of 4 x 4 cells, given by their ids as bits row by row, the
// highest bit first, 1 for white, in luma that is first reduced `factor` times each way. Returns their number, or -1 and a reason in err.
int bauta_badges(const uint8_t *luma, int stride, int width, int height, int factor,
	const uint16_t *patterns, int count, bauta_marker *out, int max, char *err, size_t errn);

#ifdef __cplusplus
}
#endif
#endif
