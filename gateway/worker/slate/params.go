package slate

import (
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
)

// NAL unit headers: nal_ref_idc 3 and the type.
const (
	highestRef  = 3 << 5
	headerSlice = highestRef | byte(h264.NALUTypeNonIDR)
	headerIDR   = highestRef | byte(h264.NALUTypeIDR)
	headerSPS   = highestRef | byte(h264.NALUTypeSPS)
	headerPPS   = highestRef | byte(h264.NALUTypePPS)
)

const (
	// frameNumBits is the width of frame_num; it wraps within a keyframe
	// interval without harm.
	frameNumBits = 8
	// qp makes one step of a DC coefficient worth exactly lumaStep in each of
	// the 16 pixels of a 4x4 block: scaled by 16 x 16 (flat matrix, qp%6 = 4)
	// << (qp/6 - 4) = 2048, which the transform divides by 64.
	qp       = 46
	lumaStep = 32
)

// level is a row of the standard's table A-1: the largest frame in
// macroblocks for a level_idc. Levels below 3 are left out: their bitrates
// are too low for a text frame, and every decoder knows 3.
type level struct{ idc, macroblocks int }

var levels = []level{{30, 1620}, {31, 3600}, {32, 5120}, {40, 8192}, {50, 22080}, {51, 36864}, {60, 139264}}

// levelFor returns the lowest level_idc for a frame of w x h macroblocks; a
// side may be no longer than the square root of eight times the area.
func levelFor(w, h int) int {
	for _, l := range levels {
		if w*h <= l.macroblocks && max(w, h)*max(w, h) <= 8*l.macroblocks {
			return l.idc
		}
	}
	return 62
}

// sps writes the sequence parameter set for an even size in pixels:
// constrained baseline, frames leave in coding order without delay.
func sps(width, height int) []byte {
	mbw, mbh := macroblocks(width), macroblocks(height)
	var w bitWriter
	w.put(8, 66)   // profile_idc: baseline
	w.put(8, 0xc0) // constraint sets 0 and 1: constrained baseline
	w.put(8, uint32(levelFor(mbw, mbh)))
	w.ue(0) // seq_parameter_set_id
	w.ue(frameNumBits - 4)
	w.ue(2)       // pic_order_cnt_type: output order is coding order
	w.ue(1)       // max_num_ref_frames
	w.flag(false) // gaps_in_frame_num_value_allowed_flag
	w.ue(uint32(mbw - 1))
	w.ue(uint32(mbh - 1))
	w.flag(true) // frame_mbs_only_flag
	w.flag(true) // direct_8x8_inference_flag
	crop(&w, mbw*16-width, mbh*16-height)
	vui(&w)
	w.trailing()
	return w.nalu(headerSPS)
}

// crop hides the padding on the right and at the bottom; the unit is two
// pixels because chroma has half the resolution.
func crop(w *bitWriter, right, bottom int) {
	w.flag(right > 0 || bottom > 0)
	if right > 0 || bottom > 0 {
		w.ue(0)
		w.ue(uint32(right / 2))
		w.ue(0)
		w.ue(uint32(bottom / 2))
	}
}

func vui(w *bitWriter) {
	w.flag(true)  // vui_parameters_present_flag
	w.flag(true)  // aspect_ratio_info_present_flag
	w.put(8, 1)   // square pixels
	w.flag(false) // overscan_info_present_flag
	w.flag(true)  // video_signal_type_present_flag
	w.put(3, 5)   // video_format: unspecified
	w.flag(false) // video_full_range_flag: limited range
	w.flag(false) // colour_description_present_flag: grey is grey in all of them
	w.flag(false) // chroma_loc_info_present_flag
	w.flag(false) // timing_info_present_flag
	w.flag(false) // nal_hrd_parameters_present_flag
	w.flag(false) // vcl_hrd_parameters_present_flag
	w.flag(false) // pic_struct_present_flag
	w.flag(true)  // bitstream_restriction_flag
	w.flag(false) // motion_vectors_over_pic_boundaries_flag
	w.ue(0)       // max_bytes_per_pic_denom: no bound
	w.ue(0)       // max_bits_per_mb_denom: no bound
	w.ue(0)       // log2_max_mv_length_horizontal: nothing moves
	w.ue(0)       // log2_max_mv_length_vertical
	w.ue(0)       // max_num_reorder_frames
	w.ue(1)       // max_dec_frame_buffering
}

func pps() []byte {
	var w bitWriter
	w.ue(0)       // pic_parameter_set_id
	w.ue(0)       // seq_parameter_set_id
	w.flag(false) // entropy_coding_mode_flag: CAVLC
	w.flag(false) // bottom_field_pic_order_in_frame_present_flag
	w.ue(0)       // num_slice_groups_minus1
	w.ue(0)       // num_ref_idx_l0_default_active_minus1
	w.ue(0)       // num_ref_idx_l1_default_active_minus1
	w.flag(false) // weighted_pred_flag
	w.put(2, 0)   // weighted_bipred_idc
	w.se(qp - 26)
	w.se(0)       // pic_init_qs_minus26
	w.se(0)       // chroma_qp_index_offset
	w.flag(true)  // deblocking_filter_control_present_flag
	w.flag(false) // constrained_intra_pred_flag
	w.flag(false) // redundant_pic_cnt_present_flag
	w.trailing()
	return w.nalu(headerPPS)
}

// macroblocks is the number of macroblocks that cover n pixels.
func macroblocks(n int) int { return (n + 15) / 16 }
