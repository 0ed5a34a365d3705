package testkit

import "testing"

func TestAppIsMigrated(t *testing.T) {
	app := App(t)
	if _, err := app.FindCollectionByNameOrId("circ_events"); err != nil {
		t.Fatal(err)
	}
	if _, err := app.FindCollectionByNameOrId("users"); err == nil {
		t.Fatal("the open users collection is still there")
	}
}
