// Package contract holds the product to its HTTP and Socket.IO contract from
// outside: the files *.test.mjs drive the real binary with the official
// clients of both generations, and contract_test.go starts them, once on
// SQLite and once on MariaDB.
package contract
