package hooks

import (
	"net/http"
	"slices"

	"carrel/collections"

	"github.com/pocketbase/pocketbase/core"
)

// Route is one way in, and who may use it. A route without roles is public on the school network.
type Route struct {
	Method string
	Path   string
	Roles  []collections.Role
	Handle func(*core.RequestEvent) error
}

var (
	deskRoles   = []collections.Role{collections.Librarian, collections.Aide, collections.Volunteer}
	peopleRoles = []collections.Role{collections.Librarian, collections.Aide}
	onlyHead    = []collections.Role{collections.Librarian}
	roomRoles   = []collections.Role{collections.Librarian, collections.Teacher}
)

// Routes lists every command route of the staff door; a test tries each as each role. docs/api.md describes them.
func (d *Door) Routes() []Route {
	return slices.Concat(d.houseRoutes(), d.staffAppRoutes(), d.deskRoutes(), d.moneyRoutes(), d.shelfRoutes(), d.peopleRoutes(), d.printRoutes(), d.policyRoutes(), d.noticeRoutes(), d.kioskRoutes(), d.listRoutes(), d.importRoutes(), d.itemRoutes(), d.addRoutes(), d.titleRoutes(), d.finderRoutes(), d.reportRoutes(), d.titleListRoutes(), d.doubleRoutes(), d.teachingRoutes(), d.standardRoutes(), d.checkRoutes(), d.budgetRoutes(), d.kitRoutes())
}

func (d *Door) houseRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/setup", nil, d.setupState},
		{http.MethodPost, "/api/carrel/setup", nil, d.setup},
		{http.MethodGet, "/api/carrel/search", nil, d.search},
		{http.MethodGet, "/api/carrel/me", collections.Roles, d.me},
		{http.MethodGet, "/api/carrel/jobs", onlyHead, d.jobs},
	}
}

// staffAppRoutes are what the frame of the staff app, its first screen and the school's own affairs need.
func (d *Door) staffAppRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/today", peopleRoles, d.today},
		{http.MethodGet, "/api/carrel/find", deskRoles, d.find},
		{http.MethodGet, "/api/carrel/settings/school", onlyHead, d.school},
		{http.MethodPut, "/api/carrel/settings/school", onlyHead, d.saveSchool},
		{http.MethodGet, "/api/carrel/setup/steps", onlyHead, d.setupSteps},
		{http.MethodPut, "/api/carrel/setup/steps", onlyHead, d.saveSetupSteps},
		{http.MethodPatch, "/api/carrel/me", collections.Roles, d.changeMe},
		{http.MethodGet, "/api/carrel/staff", onlyHead, d.staffList},
		{http.MethodPost, "/api/carrel/staff", onlyHead, d.addStaff},
		{http.MethodPatch, "/api/carrel/staff/{id}", onlyHead, d.changeStaff},
		{http.MethodDelete, "/api/carrel/staff/{id}", onlyHead, d.removeStaff},
		{http.MethodPost, "/api/carrel/staff/{id}/password", onlyHead, d.resetPassword},
		{http.MethodGet, "/api/carrel/recovery", onlyHead, d.recovery},
		{http.MethodPost, "/api/carrel/recovery", onlyHead, d.newRecovery},
		{http.MethodPost, "/api/carrel/recover", nil, d.recoverAccount},
		{http.MethodGet, "/api/carrel/settings/mail", onlyHead, d.mail},
		{http.MethodPut, "/api/carrel/settings/mail", onlyHead, d.saveMail},
		{http.MethodGet, "/api/carrel/audit", onlyHead, d.audit},
		{http.MethodGet, "/api/carrel/doctor", onlyHead, d.doctor},
		{http.MethodGet, "/api/carrel/vocabulary", peopleRoles, d.vocabulary},
		{http.MethodPost, "/api/carrel/patron-types", onlyHead, saveWord(collections.PatronTypes)},
		{http.MethodDelete, "/api/carrel/patron-types/{id}", onlyHead, deleteWord(collections.PatronTypes)},
		{http.MethodPost, "/api/carrel/item-types", onlyHead, saveWord(collections.ItemTypes)},
		{http.MethodDelete, "/api/carrel/item-types/{id}", onlyHead, deleteWord(collections.ItemTypes)},
		{http.MethodPost, "/api/carrel/locations", onlyHead, saveWord(collections.Locations)},
		{http.MethodDelete, "/api/carrel/locations/{id}", onlyHead, deleteWord(collections.Locations)},
	}
}

func (d *Door) deskRoutes() []Route {
	return []Route{
		{http.MethodPost, "/api/carrel/checkouts", deskRoles, d.checkOut},
		{http.MethodPost, "/api/carrel/returns", deskRoles, d.takeBack},
		{http.MethodPost, "/api/carrel/renewals", deskRoles, d.renew},
		{http.MethodPost, "/api/carrel/undo", deskRoles, d.undo},
		{http.MethodPost, "/api/carrel/class-checkouts", deskRoles, d.checkOutClass},
		{http.MethodPost, "/api/carrel/class-renewals", deskRoles, d.renewClass},
		{http.MethodPost, "/api/carrel/dues", peopleRoles, d.changeDues},
		{http.MethodGet, "/api/carrel/terms/{id}/plan", onlyHead, d.planTerm},
		{http.MethodPost, "/api/carrel/terms/{id}/apply", onlyHead, d.applyTerm},
		{http.MethodGet, "/api/carrel/holds", deskRoles, d.holdQueue},
		{http.MethodPost, "/api/carrel/holds", deskRoles, d.placeHold},
		{http.MethodGet, "/api/carrel/holds/all", deskRoles, d.allHolds},
		{http.MethodGet, "/api/carrel/holds/pull", deskRoles, d.pullList},
		{http.MethodGet, "/api/carrel/holds/shelf", deskRoles, d.holdShelf},
		{http.MethodPost, "/api/carrel/holds/{id}/cancel", deskRoles, d.cancelHold},
		{http.MethodPost, "/api/carrel/holds/{id}/move", deskRoles, d.moveHold},
		{http.MethodPost, "/api/carrel/claims", peopleRoles, d.claim},
		{http.MethodGet, "/api/carrel/search-list", deskRoles, d.searchList},
		{http.MethodPost, "/api/carrel/marks", deskRoles, d.mark},
		{http.MethodGet, "/api/carrel/resolve", deskRoles, d.resolve},
	}
}

func (d *Door) moneyRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/patrons/{barcode}/account", onlyHead, d.account},
		{http.MethodPost, "/api/carrel/charges", onlyHead, d.charge},
		{http.MethodPost, "/api/carrel/settlements", onlyHead, d.settle},
	}
}

func (d *Door) shelfRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/inventories", deskRoles, d.inventories},
		{http.MethodPost, "/api/carrel/inventories", onlyHead, d.startInventory},
		{http.MethodGet, "/api/carrel/inventories/{id}", onlyHead, d.inventoryReport},
		{http.MethodGet, "/api/carrel/inventories/{id}/list.pdf", onlyHead, d.inventoryPDF},
		{http.MethodGet, "/api/carrel/inventories/{id}/list.csv", onlyHead, d.inventoryCSV},
		{http.MethodPost, "/api/carrel/inventories/{id}/scans", deskRoles, d.scan},
		{http.MethodPost, "/api/carrel/inventories/{id}/close", onlyHead, d.closeInventory},
		{http.MethodPost, "/api/carrel/inventories/{id}/missing", onlyHead, d.giveUp},
	}
}

func (d *Door) peopleRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/patrons/{barcode}", deskRoles, d.patron},
		{http.MethodDelete, "/api/carrel/patrons/{barcode}", onlyHead, d.deletePatron},
		{http.MethodGet, "/api/carrel/patrons/{barcode}/history", onlyHead, d.history},
		{http.MethodPut, "/api/carrel/patrons/{barcode}/history", onlyHead, d.setHistory},
		{http.MethodGet, "/api/carrel/restrictions", onlyHead, d.children},
		{http.MethodGet, "/api/carrel/patrons/{barcode}/restrictions", onlyHead, d.restrictionsOf},
		{http.MethodPost, "/api/carrel/patrons/{barcode}/restrictions", onlyHead, d.restrict},
		{http.MethodPost, "/api/carrel/restrictions/import", onlyHead, d.importRestrictions},
		{http.MethodDelete, "/api/carrel/restrictions/{id}", onlyHead, d.unrestrict},
		{http.MethodGet, "/api/carrel/homerooms", peopleRoles, d.homerooms},
		{http.MethodGet, "/api/carrel/homerooms/{id}/class", deskRoles, d.class},
		{http.MethodPatch, "/api/carrel/homerooms/{id}", onlyHead, d.changeHomeroom},
		{http.MethodGet, "/api/carrel/homerooms/{id}/counts", roomRoles, d.counts},
	}
}

// printRoutes are what comes out as PDF.
func (d *Door) printRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/cards.pdf", peopleRoles, d.cards},
		{http.MethodGet, "/api/carrel/class-sheets.pdf", peopleRoles, d.classSheets},
		{http.MethodGet, "/api/carrel/markers.pdf", peopleRoles, d.markers},
		{http.MethodGet, "/api/carrel/labels.pdf", peopleRoles, d.labels},
		{http.MethodGet, "/api/carrel/labels/test.pdf", peopleRoles, d.testSheet},
		{http.MethodGet, "/api/carrel/calibration.pdf", peopleRoles, d.calibration},
		{http.MethodGet, "/api/carrel/pull-list.pdf", deskRoles, d.printPullList},
		{http.MethodGet, "/api/carrel/search-list.pdf", deskRoles, d.printSearchList},
		{http.MethodGet, "/api/carrel/hold-slips.pdf", deskRoles, d.printHoldSlips},
		{http.MethodGet, "/api/carrel/shelf-list.pdf", peopleRoles, d.printShelfList},
		{http.MethodGet, "/api/carrel/loans.pdf", onlyHead, d.printLoans},
		{http.MethodGet, "/api/carrel/patrons/{barcode}/receipt.pdf", deskRoles, d.receipt},
		{http.MethodGet, "/api/carrel/settings/paper", peopleRoles, d.paper},
		{http.MethodPut, "/api/carrel/settings/paper", onlyHead, d.savePaper},
		{http.MethodPost, "/api/carrel/settings/paper/measure", onlyHead, d.measurePrinter},
	}
}

// policyRoutes are what the librarian decides for the school.
func (d *Door) policyRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/rules", onlyHead, d.rules},
		{http.MethodPost, "/api/carrel/rules", onlyHead, d.saveRule},
		{http.MethodPost, "/api/carrel/rules/shipped", onlyHead, d.shippedRules},
		{http.MethodPost, "/api/carrel/rules/try", onlyHead, d.tryRules},
		{http.MethodDelete, "/api/carrel/rules/{id}", onlyHead, d.deleteRule},
		{http.MethodGet, "/api/carrel/calendar", onlyHead, d.calendar},
		{http.MethodPost, "/api/carrel/calendar", onlyHead, d.saveEntry},
		{http.MethodPost, "/api/carrel/calendar/import", onlyHead, d.importCalendar},
		{http.MethodDelete, "/api/carrel/calendar/{id}", onlyHead, d.deleteEntry},
		{http.MethodGet, "/api/carrel/settings/fees", onlyHead, d.fees},
		{http.MethodPut, "/api/carrel/settings/fees", onlyHead, d.saveFees},
		{http.MethodGet, "/api/carrel/settings/privacy", onlyHead, d.privacy},
		{http.MethodPut, "/api/carrel/settings/privacy", onlyHead, d.savePrivacy},
	}
}

func (d *Door) noticeRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/notices", peopleRoles, d.notices},
		{http.MethodGet, "/api/carrel/notices/preview", peopleRoles, d.previewNotices},
		{http.MethodGet, "/api/carrel/notices/slips", peopleRoles, d.slips},
		{http.MethodGet, "/api/carrel/notices/slips/{homeroom}", peopleRoles, d.readSlips},
		{http.MethodPost, "/api/carrel/notices/run", onlyHead, d.runNotices},
		{http.MethodPost, "/api/carrel/notices/print", onlyHead, d.printNotices},
		{http.MethodPost, "/api/carrel/notices/{id}/again", onlyHead, d.sendAgain},
		{http.MethodGet, "/api/carrel/settings/notices", onlyHead, d.noticeSettings},
		{http.MethodPut, "/api/carrel/settings/notices", onlyHead, d.saveNoticeSettings},
		{http.MethodGet, "/api/carrel/notices/templates", onlyHead, d.noticeWords},
		{http.MethodPut, "/api/carrel/notices/templates", onlyHead, d.saveNoticeWords},
		{http.MethodDelete, "/api/carrel/notices/templates", onlyHead, d.dropNoticeWords},
		{http.MethodGet, "/api/carrel/notices/templates/preview", onlyHead, d.showNoticeWords},
		{http.MethodPost, "/api/carrel/notices/templates/preview", onlyHead, d.tryNoticeWords},
		{http.MethodPost, "/api/carrel/notices/test", onlyHead, d.testNotice},
		{http.MethodGet, "/api/carrel/notices/unsubscribed", onlyHead, d.unsubscribed},
		{http.MethodPost, "/api/carrel/notices/unsubscribed", onlyHead, d.unsubscribe},
		{http.MethodDelete, "/api/carrel/notices/unsubscribed/{id}", onlyHead, d.resubscribe},
	}
}

func (d *Door) kioskRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/kiosks", onlyHead, d.kiosks},
		{http.MethodPost, "/api/carrel/kiosks", onlyHead, d.newKiosk},
		{http.MethodPatch, "/api/carrel/kiosks/{id}", onlyHead, d.changeKiosk},
		{http.MethodPost, "/api/carrel/kiosks/{id}/revoke", onlyHead, d.revokeKiosk},
		{http.MethodPost, "/api/carrel/kiosks/{id}/unlock", peopleRoles, d.unlockKiosk},
		{http.MethodPost, "/api/carrel/kiosks/{id}/window", peopleRoles, d.openWindow},
		{http.MethodGet, "/api/carrel/questions", onlyHead, d.questions},
		{http.MethodPost, "/api/carrel/questions/{id}/decide", onlyHead, d.decideQuestion},
	}
}
