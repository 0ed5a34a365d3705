package ical

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Kind is what an event means for a library.
type Kind string

const (
	Closed  Kind = "closed"   // no school
	TermEnd Kind = "term_end" // the last day of a term
	Other   Kind = "other"
)

// Classify guesses by its name what an event means, in English and Spanish. It is a guess for staff to look over:
// in doubt it says Other.
//
// Opinions: a name is cut into parts at signs such as ":", " - " and "(". "No school" counts in any part, whatever
// else is said ("No School - Teacher Workday"). Softer words count only when a part says nothing else: "Winter Break
// Dec 22 - Jan 2" does, "Winter break reading challenge" does not. A day that ends early is a school day.
func Classify(summary string) Kind {
	parts := partsOf(summary)
	closed, short, end, soft := false, false, false, false
	told := false // a part before has said something
	for _, part := range parts {
		noSchool := closing.MatchString(part) && !notClosing.MatchString(part)
		closed = closed || noSchool
		short = short || shortDay.MatchString(part)
		end = end || termEnd.MatchString(part) && onlyFiller(termEnd.ReplaceAllString(part, " "))
		// Only the first part that says something names the event: "Science camp (spring break)".
		soft = soft || !told && (holiday.MatchString(part) || pause.MatchString(part) && onlyFiller(pause.ReplaceAllString(part, " ")))
		told = told || !onlyFiller(part)
	}
	switch {
	case closed && !short:
		return Closed
	case end:
		return TermEnd
	case soft && !short:
		return Closed
	}
	return Other
}

var (
	separators = regexp.MustCompile(`\s-+\s|[–—:;,/|()\[\]&+*!?.]+|\b(?:and|y)\b`)
	signs      = regexp.MustCompile(`[^a-z0-9]+`)
	titles     = regexp.MustCompile(`,? *\b(?:jr|dr)\b\.? *`) // their signs part nothing
	apostrophe = strings.NewReplacer("'", "", "’", "", "‘", "", "`", "", "º", "", "ª", "")
)

// partsOf cuts a summary into parts of plain words: small letters without accents, one blank between.
func partsOf(summary string) []string {
	// A chain of transformers keeps state and is made anew for each use.
	bare := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)))
	plain, _, err := transform.String(bare, apostrophe.Replace(summary))
	if err != nil {
		return nil
	}
	var parts []string
	for _, part := range separators.Split(titles.ReplaceAllString(strings.ToLower(plain), " "), -1) {
		if part = strings.TrimSpace(signs.ReplaceAllString(part, " ")); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// words makes an expression of whole words.
func words(pattern string) *regexp.Regexp { return regexp.MustCompile(`\b(?:` + pattern + `)\b`) }

const (
	ordinal = `\d+(?:st|nd|rd|th)?|first|second|third|fourth|fall|autumn|winter|spring`
	term    = `semester|trimester|quarter|term|(?:marking|grading) period|six weeks|nine weeks|(?:school|academic) year|q ?[1-4]|s ?[12]|t ?[1-3]|mp ?[1-6]`
	orden   = `\d+(?:er|ro|do|to|o|a)?|primer|segundo|tercer|cuarto|ultimo`
	periodo = `semestre|trimestre|bimestre|cuatrimestre|curso(?: escolar)?|ano(?: escolar| lectivo)|ciclo(?: escolar| lectivo)|periodo(?: de calificaciones| escolar| lectivo)?`
)

var (
	// closing says in so many words that there is no school.
	closing = words(`no school|no classes|no class|no students|(?:schools?|district|buildings?) (?:is |are |will be )?closed|school closing|school closure|` +
		`(?:student|pupil) (?:holiday|free day|day off)|students? off|non (?:student|school|instructional|attendance) days?|` +
		`(?:teacher|staff|faculty|educator)s? (?:work ?day|planning day|prep(?:aration)? day|in ?service(?: day)?|development day|training day|institute(?: day)?)|` +
		`professional (?:development|learning|growth) day|pd day|in ?service day|teachers? institute|institute day|records day|` +
		`sin clases|no hay clases|no habra clases|no hay escuela|no habra escuela|escuelas? cerradas?|cierre de (?:la )?escuelas?|` +
		`feriado|asueto|dias? (?:festivos?|inhabil(?:es)?|no lectivos?|no laborables?|sin clases)|suspension de (?:clases|labores|actividades)|` +
		`dia de (?:capacitacion|desarrollo profesional|planeacion|planificacion|trabajo) (?:de|para) (?:los )?(?:maestros|docentes|profesores)|consejo tecnico(?: escolar)?`)
	// notClosing is what borrows the words of closing, or means some children only.
	notClosing = words(`no school (?:lunch|breakfast|meals?|bus(?:es)?|board|uniforms?|supplies|tours?|store|committee|council|newspaper|nurse|fees?|pictures?|photos?|visits?|library|dance|spirit|` +
		`assembly|age|aged|pm|afternoon|after|before|tie|play|chorus|band|site|(?:for )?(?:pre ?k|prek|kindergarten|kinder|k only|grades?|seniors|juniors|freshmen|sophomores|[1-9]\d?(?:st|nd|rd|th)))|` +
		`no class(?:es)? (?:parties|party|pictures?|photos?|visits?|trips?|dojo|for (?:pre ?k|kindergarten|grades?|seniors))|no students? (?:council|parking|drop|pick|phones?|id)|` +
		`(?:sin|no hay|no habra) clases (?:de|extra|extras|extraescolares|particulares|para (?:kinder|kindergarten|preescolar|grado))|` +
		`make ?up|if needed|lunch|breakfast|reminder|sign up|survey|before|after|week before|antes|despues|resumes?|reanudan`)
	// shortDay is a day of school with fewer hours.
	shortDay = words(`early (?:dismissal|release|out|closing|close|closure)|(?:half|minimum|shortened|modified) days?|(?:delayed|late) (?:start|opening|arrival)|(?:hours?|hr) (?:delay|late|early)|` +
		`salida (?:temprana|anticipada)|medio dia|horario reducido|entrada (?:tardia|tarde)`)
	// pause is a holiday or a break, if nothing else is said.
	pause = words(`(?:(?:winter|mid ?winter|spring|fall|autumn|summer|thanksgiving|christmas|holiday|easter|new years?|presidents? day|presidents? week|february|april|october|november|december|` +
		`mid ?term|semester|trimester|quarter|school|student) )+(?:break|recess|vacation|holidays?|intersession)|holidays?|vacation|intersession|snow days?|(?:inclement )?weather (?:day|closing|closure)|library closed|` +
		`vacaciones|receso|puente|dias? de (?:nieve|descanso)`)
	// holiday is a day on which the public schools of the United States or their neighbours to the south are
	// closed. Other days of remembrance are school days in many districts.
	holiday = regexp.MustCompile(`^(?:(?:labor|memorial|presidents?|independence|new years?|thanksgiving|christmas|martin luther king|mlk)(?: day| eve| holiday| weekend| observed| observance)+|` +
		`juneteenth(?: day| holiday| observed)*|thanksgiving|christmas|good friday|easter monday|(?:[a-z]+ ){1,3}holiday|` +
		`(?:dia de )?(?:ano nuevo|navidad|accion de gracias)|dia (?:del trabajo|de la independencia|de los presidentes|de los caidos|de martin luther king|de la revolucion|de la constitucion)|(?:jueves|viernes|semana) santo?a?)$`)
	// termEnd is the end of a term, if nothing else is said.
	termEnd = words(`(?:end|close|last day) of (?:the )?(?:(?:` + ordinal + `) )*(?:` + term + `|school|classes|instruction)|` +
		`(?:` + term + `)(?: \d)? (?:ends?|ending|closes)|(?:school|classes) ends?|last (?:student|school) day|last day for (?:all )?students|last day of student attendance|` +
		`fin(?:al)? (?:del?|de la) (?:(?:` + orden + `) )*(?:` + periodo + `|clases|cursos)|` +
		`(?:termina|finaliza|concluye|cierre)n? (?:el |las |los |del |de )?(?:(?:` + orden + `) )*(?:` + periodo + `|clases|cursos)|` +
		`ultimo dia (?:de |del )(?:(?:` + orden + `) )*(?:` + periodo + `|clases|escuela)`)
	// numbered is a number, an ordinal or a clock time; filler is a word that adds nothing to a holiday or the end of a term.
	numbered = regexp.MustCompile(`^\d+(?:st|nd|rd|th|am|pm|er|o|a)?$`)
	filler   = words(`days?|week|weekend|begins?|starts?|ends?|ending|beginning|continues|no|school|all|students?|staff|teachers?|district|wide|county|city|schools|offices?|closed|` +
		`federal|state|public|bank|legal|national|official|local|observed|observance|the|of|to|thru|through|until|from|for|in|is|year|years|long|` + ordinal + `|` +
		`early|dismissal|release|half|grades?|k|mon|tues?|wed|thurs?|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|` +
		`jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|` +
		`el|la|los|las|de|del|al|a|por|para|hasta|desde|escolar|escolares|estudiantes|alumnos|todos|inicio|inicia|inician|empieza|empiezan|comienza|comienzan|fin|termina|terminan|` +
		`invierno|primavera|otono|verano|navidad|navidena|navidenas|decembrinas|semana|santa|accion|gracias|ano|nuevo|dia|dias|lunes|martes|miercoles|jueves|viernes|sabado|domingo|` +
		`enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|nacional|oficial`)
)

// onlyFiller tells that plain words say nothing of their own.
func onlyFiller(part string) bool {
	for _, word := range strings.Fields(part) {
		if !numbered.MatchString(word) && filler.FindString(word) != word {
			return false
		}
	}
	return true
}
