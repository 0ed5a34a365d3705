package portrait

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a camera was held: the value of the tag Orientation (0x0112 of TIFF 6.0, section 8) in the Exif data of a file; 1, upright,
// when there is none.
func orientation(file []byte) int {
	data := bytes.TrimPrefix(exif(file), []byte("Exif\x00\x00"))
	if len(data) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if data[0] == 'M' {
		order = binary.BigEndian
	}
	entries := from(data, order.Uint32(data[4:]))
	if len(entries) < 2 {
		return 1
	}
	count := int(order.Uint16(entries))
	for entries = entries[2:]; count > 0 && len(entries) >= 12; entries, count = entries[12:], count-1 {
		const tag, short = 0x0112, 3
		if order.Uint16(entries) != tag || order.Uint16(entries[2:]) != short {
			continue
		}
		if held := int(order.Uint16(entries[8:])); held >= 1 && held <= 8 {
			return held
		}
	}
	return 1
}

func from(data []byte, at uint32) []byte {
	if uint64(at) >= uint64(len(data)) {
		return nil
	}
	return data[at:]
}

// exif finds the Exif data of a file; nil when there is none.
func exif(file []byte) []byte {
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8")):
		return inJPEG(file[2:])
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return inPNG(file[8:])
	case len(file) > 12 && string(file[:4]) == "RIFF" && string(file[8:12]) == "WEBP":
		return inWebP(file[12:])
	}
	return nil
}

// inJPEG walks along the segments before the picture: a marker, then a length that counts itself (ITU-T T.81, B.1.1.4). Exif data is in APP1.
func inJPEG(rest []byte) []byte {
	for len(rest) >= 4 && rest[0] == 0xff {
		const app1, startOfScan = 0xe1, 0xda
		marker, length := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == startOfScan || length < 2 || len(rest) < 2+length {
			return nil
		}
		if segment := rest[4 : 2+length]; marker == app1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return segment
		}
		rest = rest[2+length:]
	}
	return nil
}

// inPNG walks along the chunks: length, type, data, check sum (PNG, 5.3).
func inPNG(rest []byte) []byte {
	for len(rest) >= 12 {
		length := uint64(binary.BigEndian.Uint32(rest))
		if length > uint64(len(rest)-12) {
			return nil
		}
		if string(rest[4:8]) == "eXIf" {
			return rest[8 : 8+length]
		}
		rest = rest[12+length:]
	}
	return nil
}

// inWebP walks along the chunks: type, length, data filled up to an even length (RIFF).
func inWebP(rest []byte) []byte {
	for len(rest) >= 8 {
		length := uint64(binary.LittleEndian.Uint32(rest[4:]))
		if length > uint64(len(rest)-8) {
			return nil
		}
		if string(rest[:4]) == "EXIF" {
			return rest[8 : 8+length]
		}
		rest = rest[min(8+length+length%2, uint64(len(rest))):]
	}
	return nil
}

// sideways is the first orientation of a camera that lay on its side.
const sideways = 5

// turned turns a picture upright that was taken as held says.
func turned(picture *image.RGBA, held int) *image.RGBA {
	if held == 1 {
		return picture
	}
	right, bottom := picture.Bounds().Dx()-1, picture.Bounds().Dy()-1
	size := image.Rect(0, 0, right+1, bottom+1)
	if held >= sideways {
		size = image.Rect(0, 0, bottom+1, right+1)
	}
	upright := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			fromX, fromY := x, y
			switch held {
			case 2:
				fromX = right - x
			case 3:
				fromX, fromY = right-x, bottom-y
			case 4:
				fromY = bottom - y
			case 5:
				fromX, fromY = y, x
			case 6:
				fromX, fromY = y, bottom-x
			case 7:
				fromX, fromY = right-y, bottom-x
			case 8:
				fromX, fromY = right-y, x
			}
			upright.SetRGBA(x, y, picture.RGBAAt(fromX, fromY))
		}
	}
	return upright
}
