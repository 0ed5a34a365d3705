#!/bin/sh
# Makes the fonts of this folder from their sources. Needed only to change what they cover:
# the results are committed. Run it in an empty folder on Debian 12 with the packages
# fonttools, python3-brotli, fonts-noto-core, fonts-droid-fallback and npm.
set -eu
target=$(cd "$(dirname "$0")" && pwd)
atkinson=@fontsource-variable/atkinson-hyperlegible-next
literata=@fontsource-variable/literata
npm install --silent --no-save "$atkinson@5.3.0" "$literata@5.3.0"

subset() { # source, target, code points
	pyftsubset "$1" --output-file="$target/$2" --unicodes="$3" --no-hinting --layout-features='' \
		--notdef-outline --name-IDs='0,1,2,13,14' --drop-tables+=GSUB,GPOS,GDEF,MVAR,STAT,HVAR,DSIG
}

# The web fonts come in parts and with a range of weights: fix one weight, then join the parts.
join() { # package, weight, target
	name=${1##*/}
	for part in latin latin-ext; do
		fonttools varLib.instancer --quiet -o "$name-$part-$2.ttf" "node_modules/$1/files/$name-$part-wght-normal.woff2" "wght=$2"
	done
	pyftmerge --output-file="$name-$2.ttf" --drop-tables=GSUB,GPOS,GDEF,STAT "$name-latin-$2.ttf" "$name-latin-ext-$2.ttf"
	subset "$name-$2.ttf" "$3" '*'
}

join "$atkinson" 400 atkinson-regular.ttf
join "$atkinson" 700 atkinson-bold.ttf
join "$literata" 600 literata.ttf

noto=/usr/share/fonts/truetype/noto
european=20-7E,A0-24F,2B0-36F,370-3FF,400-52F,1E00-1EFF,2000-206F,20A0-20BF,2116
arabic=20,60C,61B,61F,620-65F,660-669,66A-6D3,6F0-6FF,750-77F,200C-200F,FB50-FBB1,FBD3-FBFF,FE70-FEFC
for weight in Regular Bold; do
	low=$(echo $weight | tr A-Z a-z)
	subset $noto/NotoSans-$weight.ttf noto-$low.ttf $european
	subset $noto/NotoSansHebrew-$weight.ttf noto-hebrew-$low.ttf 20,5B0-5F4,FB1D-FB4F
	subset $noto/NotoSansArabic-$weight.ttf noto-arabic-$low.ttf $arabic
	subset $noto/NotoSansArmenian-$weight.ttf noto-armenian-$low.ttf 530-58F
	subset $noto/NotoSansGeorgian-$weight.ttf noto-georgian-$low.ttf 10A0-10FF,1C90-1CBF,2D00-2D2F
	subset $noto/NotoSansEthiopic-$weight.ttf noto-ethiopic-$low.ttf 1200-137F,1380-139F,2D80-2DDF
done

# One weight for Chinese, Japanese and Korean: of the open fonts that have all three in one file of outlines this is
# the smallest. The other file of the package, DroidSansFallbackFull.ttf, has rarer characters but no Korean.
cjk=2E80-2FDF,3000-303F,3040-30FF,3100-318F,31A0-31BF,31F0-33FF,3400-4DBF,4E00-9FFF,AC00-D7A3,F900-FAFF,FE30-FE4F,FF00-FFEF
subset /usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf droid-cjk.ttf $cjk
