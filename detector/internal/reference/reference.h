#ifndef BAUTA_REFERENCE_H
#define BAUTA_REFERENCE_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct reference reference;

reference *reference_open(const uint8_t *onnx, size_t n, int width, int height);
void reference_close(reference *);
// One colour row after the other, blue, green, red: width x height floats each.
float *reference_input(reference *);
// Brings a plane's part to dw x dh.
void reference_scale(const uint8_t *src, int stride, int w, int h, uint8_t *dst, int dst_stride, int dw, int dh);
// Runs the network; a negative number says that OpenCV failed.
int reference_forward(reference *);
// An output of the last run: part 0 classes, 1 objects, 2 boxes.
const float *reference_output(reference *, int level, int part, int *n);

#ifdef __cplusplus
}
#endif
#endif
