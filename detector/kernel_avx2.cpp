// The arithmetic for amd64 processors with AVX2 and FMA, about every one since 2015.
#if defined(__x86_64__)
#include "net.h"

// Lets GCC use the instructions for the larger and the smaller of two; no
// number here is infinite.
#pragma GCC optimize("no-signed-zeros", "finite-math-only")
#pragma GCC target("avx2,fma")
namespace bauta {
namespace avx2 {
enum { LANES = 8, PIXELS = 6, OWN_PIXELS = 8, SHUFFLES = 1 };
#include "net_kernel.h"
#include "small_kernel.h"

const Kernel kernel = {run, resize, reduce, cells};
} // namespace avx2
} // namespace bauta
#endif
