// The network's arithmetic in floats.

typedef float Value;
enum { ACROSS = LANES }; // values of a vector

INLINE const Value *own_weights(const Unit &u) { return u.own; }
INLINE const Value *own_bias(const Unit &u) { return u.own_bias; }

#include "net_singles.h"
#include "net_maps.h"

INLINE void mix_head(const Unit &u, const Value *x, int n, float *out) { mix<64, HEAD>(u, x, n, out); }
