// The network's arithmetic for arm64 processors that compute with floats of 16 bits: Cortex-A55 and
// A76 and all later ones. The rest is that for any processor.
#if defined(__aarch64__)
#include "net.h"

#include <arm_neon.h>

// Lets GCC use the instructions for the larger and the smaller of two; no
// number here is infinite.
#pragma GCC optimize("no-signed-zeros", "finite-math-only")
#pragma GCC target("arch=armv8.2-a+fp16")
namespace bauta {
namespace halves {
enum { LANES = 4, PIXELS = 4, OWN_PIXELS = 8 };
#include "halves_neon.h"
#include "net_parts.h"
#include "net_halves.h"
#include "net_kernel.h"

const Kernel kernel = {HALVES, run, base::kernel.resize, base::kernel.reduce, base::kernel.cells};
} // namespace halves
} // namespace bauta
#endif
