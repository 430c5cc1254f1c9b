#include "accelerator.h"

int bauta_device_open(AVBufferRef **out, const char *type, const char *path)
{
	enum AVHWDeviceType t = av_hwdevice_find_type_by_name(type);
	if (t == AV_HWDEVICE_TYPE_NONE)
		return AVERROR(ENOSYS);
	return av_hwdevice_ctx_create(out, t, *path ? path : NULL, NULL, 0);
}

// libavcodec's own way out is to decode in software unasked; the supervisor
// decides on that, and says so.
static enum AVPixelFormat only(AVCodecContext *c, const enum AVPixelFormat *offered)
{
	for (; *offered != AV_PIX_FMT_NONE; offered++)
		if (*offered == (enum AVPixelFormat)(intptr_t)c->opaque)
			return *offered;
	return AV_PIX_FMT_NONE;
}

static int attach(AVCodecContext *c, AVBufferRef *device)
{
	if (!device)
		return 0;
	c->hw_device_ctx = av_buffer_ref(device);
	return c->hw_device_ctx ? 0 : AVERROR(ENOMEM);
}

int bauta_accelerated_decoder(AVCodecContext **out, enum AVCodecID id, const char *name, AVBufferRef *device, const char *output)
{
	const AVCodec *codec = *name ? avcodec_find_decoder_by_name(name) : avcodec_find_decoder(id);
	if (!codec)
		return AVERROR_DECODER_NOT_FOUND;
	AVCodecContext *c = avcodec_alloc_context3(codec);
	if (!c)
		return AVERROR(ENOMEM);
	c->thread_count = 1;
	c->flags |= AV_CODEC_FLAG_LOW_DELAY;
	c->pkt_timebase = (AVRational){1, 90000};
	if (*output) {
		c->opaque = (void *)(intptr_t)av_get_pix_fmt(output);
		c->get_format = only;
	}
	int ret = attach(c, device);
	if (ret >= 0)
		ret = avcodec_open2(c, codec, NULL);
	if (ret < 0)
		avcodec_free_context(&c);
	*out = c;
	return ret;
}

// Surfaces on the device for the pictures that go into the encoder.
static int surfaces(AVCodecContext *c, AVBufferRef *device)
{
	AVBufferRef *ref = av_hwframe_ctx_alloc(device);
	if (!ref)
		return AVERROR(ENOMEM);
	AVHWFramesContext *f = (AVHWFramesContext *)ref->data;
	f->format = AV_PIX_FMT_VAAPI;
	f->sw_format = AV_PIX_FMT_NV12;
	f->width = c->width;
	f->height = c->height;
	f->initial_pool_size = 8;
	int ret = av_hwframe_ctx_init(ref);
	if (ret < 0) {
		av_buffer_unref(&ref);
		return ret;
	}
	c->hw_frames_ctx = ref;
	c->pix_fmt = AV_PIX_FMT_VAAPI;
	return 0;
}

int bauta_accelerated_encoder(AVCodecContext **out, const char *name, const bauta_encoder_config *cfg, AVBufferRef *device, AVDictionary **options)
{
	const AVCodec *codec = avcodec_find_encoder_by_name(name);
	if (!codec)
		return AVERROR_ENCODER_NOT_FOUND;
	AVCodecContext *c = avcodec_alloc_context3(codec);
	if (!c)
		return AVERROR(ENOMEM);
	bauta_encoder_describe(c, cfg);
	// Where there is no bound, one that no camera reaches.
	int64_t rate = cfg->rate_cap > 0 ? cfg->rate_cap : (int64_t)c->width * c->height * 8;
	bauta_encoder_rate(c, rate, cfg->rate_buffer);
	c->bit_rate = rate * 9 / 10;
	int ret = device && ((AVHWDeviceContext *)device->data)->type == AV_HWDEVICE_TYPE_VAAPI ? surfaces(c, device) : attach(c, device);
	if (ret >= 0)
		ret = avcodec_open2(c, codec, options);
	if (ret < 0)
		avcodec_free_context(&c);
	*out = c;
	return ret;
}

int bauta_frame_fetch(AVFrame **f, struct SwsContext **sws)
{
	if ((*f)->hw_frames_ctx) {
		AVFrame *n = av_frame_alloc();
		if (!n)
			return AVERROR(ENOMEM);
		int ret = av_hwframe_transfer_data(n, *f, 0);
		if (ret >= 0)
			ret = av_frame_copy_props(n, *f);
		if (ret < 0) {
			av_frame_free(&n);
			return ret;
		}
		av_frame_free(f);
		*f = n;
	}
	return bauta_frame_planar(f, sws, 1);
}

static int upload(AVCodecContext *c, const AVFrame *f, AVFrame *plain, AVFrame *surface, struct SwsContext **sws)
{
	plain->format = AV_PIX_FMT_NV12;
	plain->width = c->width;
	plain->height = c->height;
	int ret = av_frame_get_buffer(plain, 0);
	if (ret < 0)
		return ret;
	*sws = sws_getCachedContext(*sws, c->width, c->height, AV_PIX_FMT_YUV420P, c->width, c->height, AV_PIX_FMT_NV12, SWS_BILINEAR, NULL, NULL, NULL);
	if (!*sws)
		return AVERROR(ENOSYS);
	if ((ret = sws_scale(*sws, (const uint8_t *const *)f->data, f->linesize, 0, c->height, plain->data, plain->linesize)) < 0)
		return ret;
	if ((ret = av_hwframe_get_buffer(c->hw_frames_ctx, surface, 0)) < 0)
		return ret;
	if ((ret = av_hwframe_transfer_data(surface, plain, 0)) < 0)
		return ret;
	surface->pts = f->pts;
	surface->pict_type = f->pict_type;
	return avcodec_send_frame(c, surface);
}

int bauta_accelerated_send(AVCodecContext *c, const AVFrame *f, struct SwsContext **sws)
{
	if (!c->hw_frames_ctx)
		return avcodec_send_frame(c, f);
	AVFrame *plain = av_frame_alloc(), *surface = av_frame_alloc();
	int ret = plain && surface ? upload(c, f, plain, surface, sws) : AVERROR(ENOMEM);
	av_frame_free(&plain);
	av_frame_free(&surface);
	return ret;
}
