package portrait

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"carrel/internal/fault"

	"pgregory.net/rapid"
)

var (
	red, green = color.RGBA{200, 0, 0, 255}, color.RGBA{0, 200, 0, 255}
	blue, grey = color.RGBA{0, 0, 200, 255}, color.RGBA{90, 90, 90, 255}
	corners    = [2][2]color.RGBA{{red, green}, {blue, grey}} // by row and column
)

// field is a picture with a colour in each corner.
func field(width, height int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			picture.SetRGBA(x, y, corners[2*y/height][2*x/width])
		}
	}
	return picture
}

func asPNG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// held is Exif data with another tag before the orientation, as cameras write it.
func held(order binary.AppendByteOrder, value uint16) []byte {
	data := []byte("Exif\x00\x00II*\x00")
	if order == binary.BigEndian {
		data = []byte("Exif\x00\x00MM\x00*")
	}
	data = order.AppendUint32(data, 10) // two bytes of nothing before the directory
	data = append(data, 0, 0)
	data = order.AppendUint16(data, 2)
	for _, entry := range [][2]uint16{{0x010f, 1}, {0x0112, value}} {
		data = order.AppendUint16(data, entry[0])
		data = order.AppendUint16(data, 3)
		data = order.AppendUint32(data, 1)
		data = order.AppendUint16(data, entry[1])
		data = append(data, 0, 0)
	}
	return append(data, "GPS: 41.8 N 87.6 W"...)
}

func jpegWith(file, exif []byte) []byte {
	segment := append([]byte{0xff, 0xe0, 0, 4, 'J', 'F', 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	return append(append(append([]byte{0xff, 0xd8}, segment...), exif...), file[2:]...)
}

func pngWith(file, exif []byte) []byte {
	const afterHeader = 8 + 25
	chunk := append([]byte("eXIf"), exif...)
	framed := append(binary.BigEndian.AppendUint32(nil, uint32(len(exif))), chunk...)
	framed = binary.BigEndian.AppendUint32(framed, crc32.ChecksumIEEE(chunk))
	return append(append(append([]byte{}, file[:afterHeader]...), framed...), file[afterHeader:]...)
}

// dot is a WebP file of one dot.
func dot(t testing.TB) []byte {
	t.Helper()
	file, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func webpWith(file, exif []byte) []byte {
	body := append([]byte("WEBPVP8X\x0a\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"), file[12:]...)
	if len(exif)%2 == 1 {
		exif = append(exif, 0)
	}
	body = append(append(append(body, "EXIF"...), binary.LittleEndian.AppendUint32(nil, uint32(len(exif)))...), exif...)
	return append(append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...), body...)
}

// The values of the tag say where the first row and the first column of what is stored belong (TIFF 6.0, Orientation).
var sides = map[uint16][2]string{
	1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
	5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"},
}

// place is where a corner of what is stored is seen.
func place(value uint16, row, column int) (x, y int) {
	for i, side := range sides[value] {
		at := []int{row, column}[i]
		switch side {
		case "top":
			y = at
		case "bottom":
			y = 1 - at
		case "left":
			x = at
		case "right":
			x = 1 - at
		}
	}
	return x, y
}

func near(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x2000 }
	return !far(r1, r2) && !far(g1, g2) && !far(b1, b2)
}

// TestPictures makes portraits of whole files: upright, small enough, and with nothing of what the camera wrote.
func TestPictures(t *testing.T) {
	wide := field(1200, 800)
	for value := uint16(1); value <= 8; value++ {
		for name, file := range map[string][]byte{
			"JPEG, big end first":    jpegWith(asJPEG(t, wide), held(binary.BigEndian, value)),
			"JPEG, little end first": jpegWith(asJPEG(t, wide), held(binary.LittleEndian, value)),
			"PNG":                    pngWith(asPNG(t, wide), held(binary.BigEndian, value)[6:]),
		} {
			made, err := Make(file)
			if err != nil {
				t.Fatalf("%s, %d: %v", name, value, err)
			}
			if bytes.Contains(made, []byte("GPS")) || bytes.Contains(made, []byte("Exif")) {
				t.Errorf("%s: something of the file is kept", name)
			}
			picture, err := jpeg.Decode(bytes.NewReader(made))
			if err != nil {
				t.Fatal(err)
			}
			size, want := picture.Bounds().Size(), image.Pt(Side, 341)
			if value >= 5 {
				want = image.Pt(341, Side)
			}
			if size != want {
				t.Errorf("%s, %d: %v", name, value, size)
			}
			for row := range 2 {
				for column := range 2 {
					x, y := place(value, row, column)
					if got := picture.At((2*x+1)*size.X/4, (2*y+1)*size.Y/4); !near(got, corners[row][column]) {
						t.Errorf("%s, %d: corner %d %d is %v", name, value, row, column, got)
					}
				}
			}
		}
	}
}

func TestSmallAndClearPictures(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 30, 20)) // all of it can be seen through
	for name, test := range map[string]struct {
		file []byte
		size image.Point
		at   color.Color
	}{
		"small":        {asPNG(t, field(30, 20)), image.Pt(30, 20), nil},
		"clear":        {asPNG(t, clear), image.Pt(30, 20), color.White},
		"a strip":      {asPNG(t, field(2000, 2)), image.Pt(Side, 1), nil},
		"WebP":         {dot(t), image.Pt(1, 1), nil},
		"WebP, turned": {webpWith(dot(t), held(binary.LittleEndian, 6)), image.Pt(1, 1), nil},
	} {
		made, err := Make(test.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		picture, err := jpeg.Decode(bytes.NewReader(made))
		if err != nil || picture.Bounds().Size() != test.size || test.at != nil && !near(picture.At(15, 10), test.at) {
			t.Errorf("%s: %v, %v", name, picture.Bounds(), err)
		}
	}
	if got := orientation(webpWith(dot(t), held(binary.LittleEndian, 6))); got != 6 {
		t.Errorf("the WebP is held %d", got)
	}
}

func TestBadPictures(t *testing.T) {
	whole := asPNG(t, field(40, 40))
	bomb := bytes.Clone(whole)
	binary.BigEndian.PutUint32(bomb[16:], 60000)
	binary.BigEndian.PutUint32(bomb[20:], 60000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	flat := bytes.Clone(whole)
	binary.BigEndian.PutUint32(flat[16:], 1<<31-1)
	binary.BigEndian.PutUint32(flat[29:], crc32.ChecksumIEEE(flat[12:29]))
	var moving bytes.Buffer
	if err := gif.Encode(&moving, field(4, 4), nil); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		file []byte
		word string
	}{
		"nothing": {nil, "bad_picture"}, "a text": {[]byte("<svg onload=alert(1)>"), "bad_picture"}, "a GIF": {moving.Bytes(), "bad_picture"},
		"half a PNG": {whole[:len(whole)/2], "bad_picture"}, "the head of a PNG": {whole[:33], "bad_picture"}, "half a JPEG": {asJPEG(t, field(40, 40))[:400], "bad_picture"},
		"a bomb": {bomb, "too_many_dots"}, "a flat bomb": {flat, "too_many_dots"}, "too large": {make([]byte, MaxBytes+1), "too_big"},
	} {
		made, err := Make(test.file)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != "picture" || f.Word != test.word || made != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever is broken in a file, the answer is a picture or a fault.
func TestPropertyBrokenPictures(t *testing.T) {
	small := field(12, 8)
	files := [][]byte{
		jpegWith(asJPEG(t, small), held(binary.BigEndian, 6)), pngWith(asPNG(t, small), held(binary.LittleEndian, 8)), webpWith(dot(t), held(binary.BigEndian, 3)),
	}
	rapid.Check(t, func(t *rapid.T) {
		file := bytes.Clone(rapid.SampledFrom(files).Draw(t, "file"))
		for range rapid.IntRange(1, 6).Draw(t, "times") {
			file[rapid.IntRange(0, len(file)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		file = file[:rapid.IntRange(0, len(file)).Draw(t, "length")]
		if held := orientation(file); held < 1 || held > 8 {
			t.Fatalf("held %d", held)
		}
		if _, err := Make(file); err != nil && fault.CodeOf(err) != fault.Invalid {
			t.Fatal(err)
		}
	})
}

// BenchmarkMake makes a portrait of what a camera gives, 24 million dots.
func BenchmarkMake(b *testing.B) {
	file := asJPEG(b, field(6000, 4000))
	for b.Loop() {
		if _, err := Make(file); err != nil {
			b.Fatal(err)
		}
	}
}
