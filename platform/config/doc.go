// Package config reads the product's settings from the environment and from a
// .env file, checks them all, and says of each wrong one what to write instead.
//
// Modules are given values, not the Config.
package config
