package ical

import "testing"

func TestClassify(t *testing.T) {
	for kind, summaries := range map[Kind][]string{
		Closed: {
			"No School", "NO SCHOOL!", "No School - Labor Day", "No school: Veterans Day", "Labor Day (No School)", "No School for Students", "No School Today",
			"No School – Teacher Workday", "Thanksgiving Break—No School", "Professional Development Day - No Students", "No school/PTA lunch for teachers",
			"Holiday", "Student Holiday", "Student Holiday/Teacher Workday", "Winter Break", "WINTER BREAK", "Winter Break Begins", "Winter Break Dec. 22 - Jan. 2",
			"Winter Break 12/22-1/2", "Spring Recess", "Mid-Winter Recess", "Fall Break (no school)", "Thanksgiving Break", "Thanksgiving Day", "Presidents' Day", "Presidents’ Day Holiday",
			"MLK Day", "Martin Luther King, Jr. Day", "Martin Luther King Jr. Day", "Memorial Day", "Juneteenth", "New Year's Day", "Christmas Eve", "Diwali Holiday", "Rosh Hashanah - Schools Closed",
			"Teacher Workday", "Teacher Work Day", "Staff Development Day", "Teacher In-Service", "PD Day", "Non-Student Day", "Pupil Free Day", "Institute Day", "Snow Day", "Snow day - no school",
			"All Schools Closed", "Schools are closed", "District Closed due to weather", "Library closed", "No School - End of 1st Quarter", "Holiday: No School; Classes Resume Jan 6",
			"Parent-Teacher Conferences (No School)", "No classes", "Federal Holiday",
			"Sin clases", "SIN CLASES - Día del Trabajo", "No hay clases", "No habrá clases el lunes", "Feriado", "Feriado nacional", "Feriado: Día de la Independencia", "Vacaciones",
			"Vacaciones de invierno", "Vacaciones de Navidad", "Vacaciones de Semana Santa", "Receso", "Receso escolar", "Receso de primavera", "Inicio de vacaciones de verano", "Día festivo",
			"Día no lectivo", "Suspensión de clases", "Escuela cerrada", "Día de Acción de Gracias", "Navidad", "Año Nuevo", "Día de la Independencia", "Asueto", "Viernes Santo", "Semana Santa",
			"Consejo Técnico Escolar (sin clases)", "Día de nieve", "Día de capacitación para maestros",
		},
		TermEnd: {
			"End of Semester", "End of 1st Semester", "End of the first semester", "End of Quarter", "End of Quarter 2", "End of Q3", "End of 2nd Quarter", "Quarter 1 Ends", "1st Quarter Ends",
			"Fall Semester Ends", "End of Trimester 1", "First Trimester Ends", "End of Marking Period 3", "Q2 ends", "End of Term", "End of School Year", "Last Day of School",
			"LAST DAY OF SCHOOL!", "Last Day of School - Early Dismissal", "Last Day of School/Half Day", "Last Day of Classes", "Last Day for Students", "Last student day", "Last day of the semester",
			"End of Quarter 2 - Grades Due", "Last Day of 1st Semester (Early Release)", "Last day of school and awards",
			"Fin del semestre", "Fin del primer semestre", "Fin de trimestre", "Fin del 2º trimestre", "Fin de curso", "Fin del ciclo escolar", "Último día de clases", "ULTIMO DIA DE CLASES",
			"Último día del semestre", "Último día de escuela", "Termina el semestre", "Termina el primer trimestre", "Fin de clases", "Último día de clases y entrega de boletas",
		},
		Other: {
			"", "Early Dismissal", "Early Release - Professional Development Day", "Half Day / No School PM", "2-Hour Delay", "Delayed Opening", "No School Lunch", "No school lunch served today",
			"No School Board Meeting", "No School Uniform Day", "No school for kindergarten", "No School for Pre-K", "No dance classes", "Holiday Concert", "Holiday Party", "Holiday Sing-Along",
			"Holiday Book Fair", "Happy Holidays!", "Winter Holiday Concert", "Picture Day", "Winter Break Reading Challenge", "Winter Break Packets Due", "Last Day Before Winter Break",
			"Classes Resume after Winter Break", "School resumes", "Return from Spring Break", "Science camp (spring break)", "Possible Snow Day Make-up", "Snow Make-Up Day (if needed)", "No School Make-up Day",
			"Recess equipment sale", "Recess", "First Day of School", "Back to School Night", "Parent-Teacher Conferences", "Teacher Appreciation Week", "Teacher workday breakfast", "Veterans Day Assembly",
			"Labor Day Parade", "MLK Essay Contest", "Thanksgiving Feast", "Halloween", "Columbus Day", "School Board Meeting", "End of Semester Exams", "End of Year Picnic", "End of School Year Celebration",
			"Last Day of School Picture Orders", "Last day of school before Thanksgiving", "Last day for students to return library books", "Last Day for Seniors", "Summer school ends",
			"End of summer reading", "Quarter 2 begins", "A Day", "Book Fair", "Midterm exams",
			"Salida temprana", "Medio día", "Concierto navideño", "Fiesta de Navidad", "Regreso a clases", "Primer día de clases", "Sin clases de música", "No hay clases de natación", "Lista de lectura para vacaciones",
			"Regreso de vacaciones", "Último día antes de las vacaciones", "Fin de semana", "Fiesta de fin de curso", "Exámenes de fin de semestre", "Día de la fotografía", "Feria del libro", "Último día de clases de natación",
			"Se reanudan las clases",
		},
	} {
		for _, summary := range summaries {
			if got := Classify(summary); got != kind {
				t.Errorf("Classify(%q) = %s, want %s", summary, got, kind)
			}
		}
	}
}
