module berth.dev/modules/pause

go 1.22
