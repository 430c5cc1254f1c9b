// The arithmetic for amd64 processors with AVX2 and FMA, about every one since 2015.
#if defined(__x86_64__)
#include "net.h"

#pragma GCC target("avx2,fma")
namespace bauta {
namespace avx2 {
enum { LANES = 8, PIXELS = 6, SHUFFLES = 1 };
#include "net_kernel.h"
#include "small_kernel.h"

const Kernel kernel = {run, resize, reduce, cells, difference};
} // namespace avx2
} // namespace bauta
#endif
