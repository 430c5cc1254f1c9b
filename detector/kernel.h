#ifndef BAUTA_DETECTOR_KERNEL_H
#define BAUTA_DETECTOR_KERNEL_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct { float x, y, w, h, score; } bauta_box;

// One part of a frame and where it goes in the network's input, after so many
// quarter turns clockwise (0 to 3).
typedef struct { int sx, sy, sw, sh, dx, dy, dw, dh, rotation; } bauta_tile;

// A frame's planes: 4:2:0, chroma strides shared.
typedef struct {
	const uint8_t *y, *cb, *cr;
	int y_stride, c_stride, width, height, full_range;
} bauta_planes;

typedef struct bauta_net bauta_net;

// The network, whose weights come in the order of the plan in net.cpp,
// for inputs whose sides are multiples of 32. NULL: no memory, or not that many weights.
bauta_net *bauta_net_open(const float *weights, size_t n, int width, int height);
void bauta_net_close(bauta_net *);
// Brings the input to another size. The memory for it stays that of the largest size so far.
// 0, or -1 without memory: then the size stays.
int bauta_net_resize(bauta_net *, int width, int height);
// Returns the number of boxes, or a negative number without memory.
int bauta_net_run(bauta_net *, const bauta_planes *, const bauta_tile *, int tiles, float min_score,
	bauta_box *out, int max);

// For tests: a level's output, 8 numbers for each cell; a plane of the input; how many
// bytes the maps hold; what its values are, as net.h says (0: floats); the arithmetic for networks that are
// opened from now on: 0 is the best, 1 that for any processor, 2 that of AVX2. The last one returns whether
// this processor has it.
const float *bauta_net_output(const bauta_net *, int level, int *cells);
const uint8_t *bauta_net_plane(const bauta_net *, int plane);
size_t bauta_net_held(const bauta_net *);
int bauta_net_values(const bauta_net *);
int bauta_arithmetic(int which);

// Averages blocks of f x f pixels; w and h are the source's, dst holds (w/f) x (h/f).
void bauta_reduce(const uint8_t *src, int stride, int w, int h, int f, uint8_t *dst, int dst_stride);
// The place within +-r of (px, py) where the w x h template at (tx, ty) of a matches b best;
// returns the mean absolute difference there. Both frames have the same size and stride.
float bauta_match(const uint8_t *a, const uint8_t *b, int stride, int pw, int ph,
	int tx, int ty, int w, int h, int px, int py, int r, int *bx, int *by);
// Sums of absolute differences of cell x cell blocks, one number for each block.
void bauta_cells(const uint8_t *a, const uint8_t *b, int stride, int w, int h, int cell, uint32_t *out);

// Where a window lies in a frame: its middle, and the steps for one of its pixels
// to the right and one down.
typedef struct { double x, y, right_x, right_y, down_x, down_y; } bauta_axes;

// Makes the window's frame, w x h, both even. What lies outside of the frame is grey.
void bauta_warp(const bauta_planes *, const bauta_axes *, uint8_t *y, uint8_t *cb, uint8_t *cr, int y_stride, int c_stride, int w, int h);

// Moves an average, in 128ths, towards a frame's luma: by all of the difference where a
// cell's age is 1, by half where it is 2, and so on; mean is what comes of it. Cells
// are side pixels wide and high, cols in a row; what lies right and below of them counts as of age 1.
void bauta_average(uint16_t *sum, uint8_t *mean, const uint8_t *src, int stride, int w, int h,
	const uint8_t *ages, int side, int cols, int rows);
// Weighs each pixel with its neighbours, 1 2 1 each way.
void bauta_soften(const uint8_t *src, int stride, int w, int h, uint8_t *dst, int dst_stride);
// Evens the contrast by the histograms of columns x rows tiles, each cut at `most` times the mean; the
// result lies between low and high. 0, or -1 without memory.
int bauta_even(const uint8_t *src, int stride, int w, int h, int columns, int rows, int most, int low, int high, uint8_t *dst, int dst_stride);

#ifdef __cplusplus
}
#endif
#endif
