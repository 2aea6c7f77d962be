# The first process of a pod whose code changes while it runs: starts the service, and anew once the file "again" is
# there. A container that starts anew would be a new one to Tilt, without what it put there. A first start that fails
# ends the container, so that Kubernetes and `tilt ci` see it; later ones wait for the code that mends them.
folder=${TMPDIR:-/tmp}
trap 'kill "$service" 2>/dev/null; wait "$service"; exit' TERM INT
rm -f "$folder/again"
changed=
while :; do
    start "$@" &
    service=$!
    echo "$service" >"$folder/pid"
    # a save while it started spoke to the one before
    [ -e "$folder/again" ] && kill "$service"
    wait "$service"
    status=$?
    if [ ! -e "$folder/again" ] && [ -z "$changed" ]; then
        exit "$status"
    fi
    until [ -e "$folder/again" ]; do
        sleep 0.2
    done
    rm -f "$folder/again"
    changed=yes
done
