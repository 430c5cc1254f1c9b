#ifndef BAUTA_AV_SHIM_H
#define BAUTA_AV_SHIM_H
#include <libavcodec/avcodec.h>
#include <libavutil/avutil.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

// Macros with casts or negative constants that cgo cannot see.
static inline int bauta_eagain(void) { return AVERROR(EAGAIN); }
static inline int bauta_eof(void) { return AVERROR_EOF; }

typedef struct {
	int width, height;
	int fps_num, fps_den;
	int gop;              // access units, an upper bound; the caller forces earlier ones
	int crf;
	int64_t rate_cap;     // bits a second, 0 none
	int64_t rate_buffer;  // bits, 0: one second of rate_cap
	int full_range;
	int primaries, trc, space;
	int sar_num, sar_den;
	int threads;
} bauta_encoder_config;

int bauta_decoder_open(AVCodecContext **out, enum AVCodecID id, int threads, int delay);
int bauta_decoder_send(AVCodecContext *c, AVPacket *p, const uint8_t *data, int size, int64_t pts, int key);
// Sets all but the bitrate.
void bauta_encoder_describe(AVCodecContext *c, const bauta_encoder_config *cfg);
int bauta_encoder_open(AVCodecContext **out, const bauta_encoder_config *cfg);
// A buffer of 0 is one second of the bound: a keyframe may borrow from the
// pictures after it.
void bauta_encoder_rate(AVCodecContext *c, int64_t rate_cap, int64_t buffer);
// Makes *f a frame of planar 8-bit 4:2:0 whose planes nobody else writes to:
// copies when copy is set, converts when the format asks for it.
int bauta_frame_planar(AVFrame **f, struct SwsContext **sws, int copy);
int bauta_frame_is_planar(const AVFrame *f);
// Makes *out a copy of f, which is planar, at another size; its pixels are means over areas.
int bauta_frame_scale(const AVFrame *f, int width, int height, AVFrame **out, struct SwsContext **sws);
// Takes from a picture all that is not pixels: side data, metadata and what callers
// attached. Returns 1 where a display matrix was among it, which is copied to matrix, else 0.
int bauta_frame_strip(AVFrame *f, int32_t matrix[9]);
// A new picture with memory of its own.
int bauta_frame_new(AVFrame **out, int width, int height);
#endif
