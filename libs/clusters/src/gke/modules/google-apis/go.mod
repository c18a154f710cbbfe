// The descriptions that Google publishes of its APIs, for the tests: requests of gcloud are checked by them.
module berth/google-apis

go 1.24

require google.golang.org/api v0.250.0
