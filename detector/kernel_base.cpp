// The arithmetic for any processor that the distribution runs on: SSE2 on amd64, NEON on arm64.
#include "net.h"

namespace bauta {
namespace base {
#if defined(__aarch64__)
enum { LANES = 4, PIXELS = 5, SHUFFLES = 1 }; // 32 registers
#else
enum { LANES = 4, PIXELS = 3, SHUFFLES = 0 };
#endif
#include "net_kernel.h"
#include "small_kernel.h"

const Kernel kernel = {run, resize, reduce, cells, difference};
} // namespace base
} // namespace bauta
