#ifndef BAUTA_DETECTOR_NET_H
#define BAUTA_DETECTOR_NET_H
// What the network's parts share; Go calls what kernel.h declares.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace bauta {

// Where a unit's input comes from.
enum Source {
	FROM_STEM,   // the frame through the first convolution
	FROM_UNIT,   // the unit before
	FROM_POOLED, // the unit before, the largest of each 2 x 2
	FROM_SUM,    // a map and the next smaller one, enlarged by two
};

// A unit's weights for arithmetic in whole numbers of 16 bits. A value v is v * ONE there;
// in a ring it is also as many times larger as keeps own within 16 bits, the largest of a channel's
// at their end. What a sum of mix is worth, and what is added, is said in floats, once a result.
struct Words {
	const int16_t *mix;           // [cout/block][cin/2][block][2]
	const float *scale, *lift;    // [cout]
	const int16_t *own, *own_bias; // [9][cout], in 32768ths; none of a head, which is in floats from its ring on
};

// The same as floats of 16 bits, in the order of the floats; none of a head.
struct HalfWeights { const uint16_t *mix, *mix_bias, *own, *own_bias; };

// ONE leaves room for values up to 16: the largest that clips, noise and patterns bring
// about is 9, in a ring 11. The input, up to 255, is in 64ths.
enum { ONE = 1 << 11, INPUT_ONE = 1 << 6 };

// One 1x1 convolution, then a 3x3 convolution of each channel for itself.
// The first one's rows live in a ring with a column of zeros at either end;
// the second is computed when the next unit asks for it.
struct Unit {
	int cin, cout, w, h, rows;
	const float *mix, *mix_bias; // [cout/block][cin][block], block = min(cout, 16)
	const float *own, *own_bias; // [9][cout]
	Words words;                 // the same in whole numbers, for a kernel of these
	HalfWeights halves;          // the same in floats of 16 bits
	void *ring;                  // rows x (w + 2) x cout values
	int next;                    // the first row not computed yet
	Source source;
	Unit *before;
	void *keep;              // where the input's full map is kept; null: nowhere
	const void *same, *half; // the two maps of FROM_SUM
};

enum { UNITS = 17, LEVELS = 3, HEAD = 8 };

// Channels of a head's output; the last two are not used.
enum { CLS, OBJ, BOX };

struct Kernel;

struct Net {
	int width, height;
	const Kernel *kernel;
	const float *stem, *stem_bias; // [row][colour][column][16], [16]
	const int16_t *stem_words;     // [row][column][blue and green, red and nothing][16][2]
	const float *stem_scale, *stem_lift;
	Unit units[UNITS];
	Unit *heads[LEVELS];
	float *outputs[LEVELS];   // cells x HEAD
	uint8_t *luma, *blue, *red; // the input, width x height
	bool full_range;
	void *input; // a ring of INPUT_ROWS rows, each with room for three of input_stride floats
	int input_stride, input_next;
	void *zeros;
	void *scratch;
};

enum { INPUT_ROWS = 4, INPUT_MARGIN = 16, SCRATCH = 80 * 64 };

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

// What the values of maps are: floats, whole numbers of 16 bits, floats of 16 bits.
enum Values { FLOATS, WORDS, HALVES };

// The arithmetic, compiled for one kind of processor.
struct Kernel {
	Values values;
	void (*run)(Net &);
	void (*resize)(const Resize &, const uint8_t *src, int stride, uint8_t *dst, int dst_stride);
	void (*reduce)(const uint8_t *src, int stride, int w, int h, int f, uint8_t *dst, int dst_stride, uint16_t *sums);
	void (*cells)(const uint8_t *a, const uint8_t *b, int stride, int w, int h, int cell, uint32_t *out, uint16_t *columns);
};

namespace base { extern const Kernel kernel; }
#if defined(__x86_64__)
namespace avx2 { extern const Kernel kernel; }
namespace avx512 { extern const Kernel kernel; }
#elif defined(__aarch64__)
namespace halves { extern const Kernel kernel; }
#endif

// The best one for this processor, or the one that fits all.
const Kernel &kernel();

} // namespace bauta
#endif
