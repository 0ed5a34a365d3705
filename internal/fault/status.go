package fault

import "net/http"

// Status is the HTTP status a door answers for an error.
func Status(err error) int {
	switch CodeOf(err) {
	case "":
		return http.StatusOK
	case NotFound:
		return http.StatusNotFound
	case Invalid:
		return http.StatusBadRequest
	case Refused, Conflict:
		return http.StatusConflict
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case Unauthorized:
		return http.StatusForbidden
	}
	return http.StatusInternalServerError
}
