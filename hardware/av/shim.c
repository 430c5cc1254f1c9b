#include "shim.h"
#include <string.h>

int bauta_decoder_open(AVCodecContext **out, enum AVCodecID id, int threads, int delay)
{
	const AVCodec *codec = avcodec_find_decoder(id);
	if (!codec)
		return AVERROR_DECODER_NOT_FOUND;
	AVCodecContext *c = avcodec_alloc_context3(codec);
	if (!c)
		return AVERROR(ENOMEM);
	c->thread_count = threads;
	// Frame threads would hold pictures back; slices cost no delay.
	c->thread_type = FF_THREAD_SLICE;
	c->has_b_frames = delay;
	// A decoder that has lost its references shows old or grey content; such
	// pictures are left out by libavcodec unless asked for.
	c->pkt_timebase = (AVRational){1, 90000};
	int ret = avcodec_open2(c, codec, NULL);
	if (ret < 0)
		avcodec_free_context(&c);
	*out = c;
	return ret;
}

int bauta_decoder_send(AVCodecContext *c, AVPacket *p, const uint8_t *data, int size, int64_t pts, int key)
{
	if (!data)
		return avcodec_send_packet(c, NULL);
	// libavcodec reads past the end: the packet must own padded memory.
	int ret = av_new_packet(p, size);
	if (ret < 0)
		return ret;
	memcpy(p->data, data, size);
	p->pts = pts;
	p->dts = AV_NOPTS_VALUE;
	if (key)
		p->flags |= AV_PKT_FLAG_KEY;
	ret = avcodec_send_packet(c, p);
	av_packet_unref(p);
	return ret;
}

void bauta_encoder_describe(AVCodecContext *c, const bauta_encoder_config *cfg)
{
	c->width = cfg->width;
	c->height = cfg->height;
	c->pix_fmt = AV_PIX_FMT_YUV420P;
	c->color_range = cfg->full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
	c->color_primaries = cfg->primaries;
	c->color_trc = cfg->trc;
	c->colorspace = cfg->space;
	c->sample_aspect_ratio = (AVRational){cfg->sar_num, cfg->sar_den};
	c->time_base = (AVRational){1, 90000};
	c->framerate = (AVRational){cfg->fps_num, cfg->fps_den};
	c->gop_size = cfg->gop;
	c->max_b_frames = 0;
	c->thread_count = cfg->threads;
}

int bauta_encoder_open(AVCodecContext **out, const bauta_encoder_config *cfg)
{
	const AVCodec *codec = avcodec_find_encoder_by_name("libx264");
	if (!codec)
		return AVERROR_ENCODER_NOT_FOUND;
	AVCodecContext *c = avcodec_alloc_context3(codec);
	if (!c)
		return AVERROR(ENOMEM);
	bauta_encoder_describe(c, cfg);
	if (cfg->rate_cap > 0)
		bauta_encoder_rate(c, cfg->rate_cap, cfg->rate_buffer);
	av_opt_set(c->priv_data, "preset", "ultrafast", 0);
	av_opt_set(c->priv_data, "tune", "zerolatency", 0);
	av_opt_set_int(c->priv_data, "forced-idr", 1, 0);
	// Pictures come here without side data; the encoder is told not to look for any, too.
	av_opt_set_int(c->priv_data, "a53cc", 0, 0);
	av_opt_set_int(c->priv_data, "udu_sei", 0, 0);
	av_opt_set_double(c->priv_data, "crf", cfg->crf, 0);
	int ret = avcodec_open2(c, codec, NULL);
	if (ret < 0)
		avcodec_free_context(&c);
	*out = c;
	return ret;
}

void bauta_encoder_rate(AVCodecContext *c, int64_t rate_cap, int64_t buffer)
{
	c->rc_max_rate = rate_cap;
	c->rc_buffer_size = (int)FFMIN(buffer > 0 ? buffer : rate_cap, INT_MAX);
}

int bauta_frame_is_planar(const AVFrame *f)
{
	return f->format == AV_PIX_FMT_YUV420P || f->format == AV_PIX_FMT_YUVJ420P;
}

static int alloc_sized(AVFrame **out, const AVFrame *f, int width, int height)
{
	AVFrame *n = av_frame_alloc();
	if (!n)
		return AVERROR(ENOMEM);
	n->format = AV_PIX_FMT_YUV420P;
	n->width = width;
	n->height = height;
	int ret = av_frame_copy_props(n, f);
	if (ret >= 0)
		ret = av_frame_get_buffer(n, 0);
	if (ret < 0)
		av_frame_free(&n);
	*out = n;
	return ret;
}

static int alloc_like(AVFrame **out, const AVFrame *f) { return alloc_sized(out, f, f->width, f->height); }

static int full_range(const AVFrame *f)
{
	switch (f->format) {
	case AV_PIX_FMT_YUVJ420P: case AV_PIX_FMT_YUVJ422P: case AV_PIX_FMT_YUVJ444P: case AV_PIX_FMT_YUVJ440P:
		return 1;
	}
	return f->color_range == AVCOL_RANGE_JPEG;
}

// swscale warns of the deprecated J formats and treats them as full range;
// naming the plain format and the range says the same without the noise.
static enum AVPixelFormat plain(enum AVPixelFormat fmt)
{
	switch (fmt) {
	case AV_PIX_FMT_YUVJ420P: return AV_PIX_FMT_YUV420P;
	case AV_PIX_FMT_YUVJ422P: return AV_PIX_FMT_YUV422P;
	case AV_PIX_FMT_YUVJ444P: return AV_PIX_FMT_YUV444P;
	case AV_PIX_FMT_YUVJ440P: return AV_PIX_FMT_YUV440P;
	default: return fmt;
	}
}

int bauta_frame_planar(AVFrame **f, struct SwsContext **sws, int copy)
{
	AVFrame *old = *f, *n = NULL;
	if (bauta_frame_is_planar(old) && !copy)
		return 0;
	int ret = alloc_like(&n, old);
	if (ret < 0)
		return ret;
	int full = full_range(old);
	if (bauta_frame_is_planar(old)) {
		av_image_copy(n->data, n->linesize, (const uint8_t **)old->data, old->linesize,
			AV_PIX_FMT_YUV420P, old->width, old->height);
	} else {
		*sws = sws_getCachedContext(*sws, old->width, old->height, plain(old->format),
			old->width, old->height, AV_PIX_FMT_YUV420P, SWS_BILINEAR, NULL, NULL, NULL);
		if (!*sws) {
			av_frame_free(&n);
			return AVERROR(ENOSYS);
		}
		const int *tab = sws_getCoefficients(SWS_CS_DEFAULT);
		sws_setColorspaceDetails(*sws, tab, full, tab, full, 0, 1 << 16, 1 << 16);
		ret = sws_scale(*sws, (const uint8_t *const *)old->data, old->linesize, 0, old->height, n->data, n->linesize);
		if (ret < 0) {
			av_frame_free(&n);
			return ret;
		}
	}
	n->color_range = full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
	av_frame_free(f);
	*f = n;
	return 0;
}

int bauta_frame_scale(const AVFrame *f, int width, int height, AVFrame **out, struct SwsContext **sws)
{
	// Both sides are of one format and range, so that nothing but the size changes.
	*sws = sws_getCachedContext(*sws, f->width, f->height, AV_PIX_FMT_YUV420P, width, height, AV_PIX_FMT_YUV420P, SWS_AREA, NULL, NULL, NULL);
	if (!*sws)
		return AVERROR(ENOSYS);
	int ret = alloc_sized(out, f, width, height);
	if (ret < 0)
		return ret;
	ret = sws_scale(*sws, (const uint8_t *const *)f->data, f->linesize, 0, f->height, (*out)->data, (*out)->linesize);
	if (ret < 0)
		av_frame_free(out);
	else
		(*out)->color_range = full_range(f) ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
	return ret < 0 ? ret : 0;
}

int bauta_frame_strip(AVFrame *f, int32_t matrix[9])
{
	const AVFrameSideData *d = av_frame_get_side_data(f, AV_FRAME_DATA_DISPLAYMATRIX);
	int found = d && d->size >= 9 * sizeof(int32_t);
	if (found)
		memcpy(matrix, d->data, 9 * sizeof(int32_t));
	while (f->nb_side_data > 0) {
		int n = f->nb_side_data;
		av_frame_remove_side_data(f, f->side_data[0]->type);
		if (f->nb_side_data == n) // of a type that this libavutil cannot remove
			return AVERROR_BUG;
	}
	av_dict_free(&f->metadata);
	av_buffer_unref(&f->opaque_ref);
	return found;
}

int bauta_frame_new(AVFrame **out, int width, int height)
{
	AVFrame *f = av_frame_alloc();
	if (!f)
		return AVERROR(ENOMEM);
	f->format = AV_PIX_FMT_YUV420P;
	f->width = width;
	f->height = height;
	f->color_range = AVCOL_RANGE_MPEG;
	int ret = av_frame_get_buffer(f, 0);
	if (ret < 0)
		av_frame_free(&f);
	*out = f;
	return ret;
}
