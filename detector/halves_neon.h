// Vectors of eight floats of 16 bits. Functions and templates of net_parts.h find these only where they come first.

typedef float16_t Value;
typedef float16x8_t Halves;
enum { ACROSS = 8 }; // values of a vector

static inline Halves load(const Value *p) { return vld1q_f16(p); }
static inline void store(Value *p, Halves v) { vst1q_f16(p, v); }
static inline void store(Value *p, float32x4_t v) { vst1_f16(p, vcvt_f16_f32(v)); }
static inline Halves larger(Halves a, Halves b) { return vmaxq_f16(a, b); }
static inline Halves positive(Halves a) { return larger(a, Halves{}); }
