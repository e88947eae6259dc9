#!/bin/sh
# In the container of certbot. Without arguments it renews for ever; with a name and a mail address it gets the
# first certificate, for which nginx must not run yet:
#   docker compose run --rm --publish 80:80 certbot tasks.example.org you@example.org
set -eu
if [ $# -gt 0 ]; then
	exec certbot certonly --standalone --non-interactive --agree-tos --cert-name taskstack -d "$1" -m "$2"
fi
trap exit TERM
while :; do
	certbot renew --quiet --webroot --webroot-path /var/www/acme || echo "renewing failed, next try in 12 hours" >&2
	sleep 43200 &
	wait $!
done
