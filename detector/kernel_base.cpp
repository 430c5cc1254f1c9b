// The arithmetic for any processor that the distribution runs on: SSE2 on amd64, NEON on arm64.
#include "net.h"

// Lets GCC use the instructions for the larger and the smaller of two; no
// number here is infinite.
#pragma GCC optimize("no-signed-zeros", "finite-math-only")

namespace bauta {
namespace base {
#if defined(__aarch64__)
enum { LANES = 4, PIXELS = 4, OWN_PIXELS = 8, SHUFFLES = 1 }; // 32 registers
#else
enum { LANES = 4, PIXELS = 3, OWN_PIXELS = 4, SHUFFLES = 0 };
#endif
#include "net_parts.h"
#include "net_floats.h"
#include "net_kernel.h"
#include "small_kernel.h"

const Kernel kernel = {FLOATS, run, resize, reduce, cells};
} // namespace base
} // namespace bauta
