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

// Looks for markers of ArUco's DICT_4X4_250 in luma that is first reduced
// `factor` times each way. Returns their number, or -1 and a reason in err.
int bauta_badges(const uint8_t *luma, int stride, int width, int height, int factor,
	bauta_marker *out, int max, char *err, size_t errn);

#ifdef __cplusplus
}
#endif
#endif
