#ifndef BAUTA_ANONYMIZE_PAINT_H
#define BAUTA_ANONYMIZE_PAINT_H
#include <stdint.h>

enum {
	BAUTA_CELLS = 5,
	BAUTA_PIECES = BAUTA_CELLS + 1,
	BAUTA_WIDEST = 7680, // columns of the widest frame that a worker takes
};

// A run of columns over which a row's value is one straight line between two cells.
typedef struct {
	int32_t x0, x1; // columns from the area's left edge on
	int32_t a, b;   // cells
	int32_t skip;   // columns from cell a's middle to x0
	int32_t share;  // 1/65536 of the way from a to b for each column
} bauta_piece;

typedef struct {
	int32_t left, top, right, bottom; // of what may change, inside of the plane, at most BAUTA_WIDEST wide
	int32_t grid_top, grid_height;    // rows that the cells divide
	int32_t nx, ny, npieces, hard;    // hard: cells have edges, as in a mosaic
	int32_t v[BAUTA_CELLS][BAUTA_CELLS];
	bauta_piece pieces[BAUTA_PIECES];
	int32_t round, soft; // an ellipse, with a soft edge
	double cx, cy, rx, ry, edge;
} bauta_mask;

// Paints a mask on a plane whose first pixel is pix.
void bauta_paint(uint8_t *pix, int stride, const bauta_mask *m);
// Writes what the mask shows in frame row y, from the area's left edge on.
void bauta_row(const bauta_mask *m, int y, uint8_t *row);
#endif
