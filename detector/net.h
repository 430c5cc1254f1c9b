#ifndef BAUTA_DETECTOR_NET_H
#define BAUTA_DETECTOR_NET_H
// What the network's parts share; Go calls what kernel.h declares.
#include <stddef.h>
#include <stdint.h>

namespace bauta {

// Where a unit's input comes from.
enum Source {
	FROM_STEM,   // the frame through the first convolution
	FROM_UNIT,   // the unit before
	FROM_POOLED, // the unit before, the largest of each 2 x 2
	FROM_SUM,    // a map and the next smaller one, enlarged by two
};

// One 1x1 convolution, then a 3x3 convolution of each channel for itself.
// The first one's rows live in a ring with a column of zeros at either end;
// the second is computed when the next unit asks for it.
struct Unit {
	int cin, cout, w, h, rows;
	const float *mix, *mix_bias; // [cout/block][cin][block], block = min(cout, 16)
	const float *own, *own_bias; // [9][cout]
	float *ring;                 // rows x (w + 2) x cout
	int next;                    // the first row not computed yet
	Source source;
	Unit *before;
	float *keep;              // where the input's full map is kept; null: nowhere
	const float *same, *half; // the two maps of FROM_SUM
};

enum { UNITS = 17, LEVELS = 3, HEAD = 8 };

// Channels of a head's output; the last two are not used.
enum { CLS, OBJ, BOX };

struct Net {
	int width, height;
	const float *stem, *stem_bias; // [row][colour][column][16], [16]
	Unit units[UNITS];
	Unit *heads[LEVELS];
	float *outputs[LEVELS];   // cells x HEAD
	uint8_t *luma, *blue, *red; // the input, width x height
	bool full_range;
	float *input; // INPUT_ROWS rings of three colour rows
	int input_stride, input_next;
	float *zeros;
	float *scratch;
};

enum { INPUT_ROWS = 4, INPUT_MARGIN = 16, SCRATCH_FLOATS = 80 * 64 };

// How columns of a row are made from a source row of w pixels: each lies part
// 65536ths of the way from the pixel left to the next one; less than none counts from the
// next one. Where near, eight columns' neighbours lie within 16 bytes from base,
// and picks says where, left, right, left, right.
struct Columns {
	int w, n;
	bool near;
	const int *left, *base;
	const uint8_t *picks;
	const int16_t *part;
};

// A plane brought to a new size: averages of factor x factor blocks, then
// straight lines between these. The pointers are room to work in.
struct Resize {
	int factor, source_h, h; // rows after the averages, rows asked for
	Columns columns;
	int16_t *rows[2];
	uint8_t *reduced;
	uint16_t *sums;
};

// Where row or column i of n lies in a source of `of`: how far past *before, in 2048ths.
int place_of(int i, int n, int of, int *before);

// The arithmetic, compiled for one kind of processor.
struct Kernel {
	void (*run)(Net &);
	void (*resize)(const Resize &, const uint8_t *src, int stride, uint8_t *dst, int dst_stride);
	void (*reduce)(const uint8_t *src, int stride, int w, int h, int f, uint8_t *dst, int dst_stride, uint16_t *sums);
	void (*cells)(const uint8_t *a, const uint8_t *b, int stride, int w, int h, int cell, uint32_t *out, uint16_t *columns);
};

namespace base { extern const Kernel kernel; }
#if defined(__x86_64__)
namespace avx2 { extern const Kernel kernel; }
#endif

// The best one for this processor, or the one that fits all.
const Kernel &kernel();

} // namespace bauta
#endif
