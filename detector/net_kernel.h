// The network's way, from the first convolution to the heads, by the arithmetic that was included before.

// The ring's row y, from the column left of x on; T is float for a head.
template <typename T> static T *ring_row(const Net &n, const Unit &u, int y, int x)
{
	if (y < 0 || y >= u.h)
		return (T *)n.zeros;
	return (T *)u.ring + ((size_t)(y % u.rows) * (u.w + 2) + x) * u.cout;
}

// n pixels of a unit's result, row y from column x.
static void result(const Net &n, const Unit &u, int y, int x, int count, Value *out)
{
	const Value *rows[3];
	for (int r = 0; r < 3; r++)
		rows[r] = ring_row<Value>(n, u, y - 1 + r, x);
	switch (u.cout) {
	case 16: return own<16>(u, rows, count, out);
	case 32: return own<32>(u, rows, count, out);
	default: return own<64>(u, rows, count, out);
	}
}

// The same of a head, a whole row.
static void head_result(const Net &n, const Unit &u, int y, float *out)
{
	const float *rows[3];
	for (int r = 0; r < 3; r++)
		rows[r] = ring_row<float>(n, u, y - 1 + r, 0);
	own_rows<HEAD, false>(u.own, u.own_bias, rows, u.w, out);
}

template <int C> static void own_pooled(const Unit &u, const Value *const rows[4], int n, Value *out)
{
	int i = 0;
	for (; i + 2 <= n; i += 2)
		pooled_stretch<C, 2>(u, rows, i, out);
	if (i < n)
		pooled_stretch<C, 1>(u, rows, i, out);
}

static void pooled_result(const Net &n, const Unit &u, int y, int x, int count, Value *out)
{
	const Value *rows[4];
	for (int r = 0; r < 4; r++)
		rows[r] = ring_row<Value>(n, u, 2 * y - 1 + r, 2 * x);
	u.cout == 16 ? own_pooled<16>(u, rows, count, out) : own_pooled<64>(u, rows, count, out);
}

// The same through a map that is kept at full size.
static void pooled_map(const Net &n, const Unit &u, Value *map, int y, int x, int count, Value *out)
{
	const int c = u.cout;
	Value *upper = map + ((size_t)2 * y * u.w + 2 * x) * c, *lower = upper + (size_t)u.w * c;
	result(n, u, 2 * y, 2 * x, 2 * count, upper);
	result(n, u, 2 * y + 1, 2 * x, 2 * count, lower);
	for (int i = 0; i < count; i++, upper += 2 * c, lower += 2 * c, out += c)
		largest(upper, upper + c, lower, lower + c, c, out);
}

static void sum(const Unit &u, int y, int x, int count, Value *out)
{
	const Value *a = (const Value *)u.same + ((size_t)y * u.w + x) * u.cin, *b = (const Value *)u.half + (size_t)(y / 2) * (u.w / 2) * u.cin;
	for (int i = x; i < x + count; i++, a += u.cin, out += u.cin)
		add(a, b + (i / 2) * u.cin, u.cin, out);
}

// n pixels of what goes into a unit; scratch holds them where no map does.
static const Value *incoming(Net &n, Unit &u, int y, int x, int count)
{
	Value *out = (Value *)n.scratch, *keep = (Value *)u.keep;
	switch (u.source) {
	case FROM_STEM:
		stem(n, y, x, count, out);
		break;
	case FROM_UNIT:
		if (keep)
			out = keep + ((size_t)y * u.w + x) * u.cin;
		result(n, *u.before, y, x, count, out);
		break;
	case FROM_POOLED:
		keep ? pooled_map(n, *u.before, keep, y, x, count, out) : pooled_result(n, *u.before, y, x, count, out);
		break;
	case FROM_SUM:
		sum(u, y, x, count, out);
		break;
	}
	return out;
}

// count pixels of a unit's first convolution, into its ring's row y from column x on.
static void mixed(const Net &n, const Unit &u, const Value *in, int y, int x, int count)
{
	if (u.cout == HEAD)
		return mix_head(u, in, count, ring_row<float>(n, u, y, x + 1));
	Value *out = ring_row<Value>(n, u, y, x + 1);
	switch (u.cin * 100 + u.cout) {
	case 1616: return mix<16, 16>(u, in, count, out);
	case 1632: return mix<16, 32>(u, in, count, out);
	case 3232: return mix<32, 32>(u, in, count, out);
	case 3264: return mix<32, 64>(u, in, count, out);
	default: return mix<64, 64>(u, in, count, out);
	}
}

static void upto(Net &n, Unit &u, int y);

// Brings what row y of u is made from up to date.
static void prepare(Net &n, Unit &u, int y)
{
	switch (u.source) {
	case FROM_STEM:
		while (n.input_next <= 2 * y + 1)
			input_row(n, n.input_next++);
		break;
	case FROM_UNIT:
		upto(n, *u.before, y + 1);
		break;
	case FROM_POOLED:
		upto(n, *u.before, 2 * y + 2);
		break;
	case FROM_SUM:
		break;
	}
}

// Computes u's rows up to y, a stretch at a time, small enough for the first cache.
static void upto(Net &n, Unit &u, int y)
{
	if (y >= u.h)
		y = u.h - 1;
	const int most = SCRATCH / u.cin < u.w ? SCRATCH / u.cin : u.w;
	while (u.next <= y) {
		const int row = u.next++;
		prepare(n, u, row);
		for (int x = 0; x < u.w; x += most) {
			const int count = u.w - x < most ? u.w - x : most;
			mixed(n, u, incoming(n, u, row, x, count), row, x, count);
		}
	}
}

// A head's result, row by row, from the smallest map to the largest: each
// brings about what the next one needs.
void run(Net &n)
{
	n.input_next = 0;
	for (Unit &u : n.units)
		u.next = 0;
	for (int level = LEVELS - 1; level >= 0; level--) {
		Unit &head = *n.heads[level];
		for (int y = 0; y < head.h; y++) {
			upto(n, head, y + 1);
			head_result(n, head, y, n.outputs[level] + (size_t)y * head.w * HEAD);
		}
	}
}
