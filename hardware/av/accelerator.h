#ifndef BAUTA_AV_ACCELERATOR_H
#define BAUTA_AV_ACCELERATOR_H
#include <libavutil/hwcontext.h>
#include <stdlib.h>
#include "shim.h"

// An empty path lets libavutil choose the device.
int bauta_device_open(AVBufferRef **out, const char *type, const char *path);
// Of an empty name: libavcodec's own decoder, working on the device.
int bauta_accelerated_decoder(AVCodecContext **out, enum AVCodecID id, const char *name, AVBufferRef *device, const char *output);
int bauta_accelerated_encoder(AVCodecContext **out, const char *name, const bauta_encoder_config *cfg, AVBufferRef *device, AVDictionary **options);
// Brings *f from the device into memory of its own, planar 8-bit 4:2:0.
int bauta_frame_fetch(AVFrame **f, struct SwsContext **sws);
// Sends planar f, by way of the device's memory where the encoder wants that.
int bauta_accelerated_send(AVCodecContext *c, const AVFrame *f, struct SwsContext **sws);
#endif
