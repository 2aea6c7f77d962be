#!/bin/sh
# Keys and passwords of a developer's cluster: made once, those that are there stay.
# secrets.sh NAME CONTEXT NAMESPACE, where NAME is how the names of objects begin
set -eu
cd "$(dirname "$0")/../.."
name=$1 context=$2 namespace=$3

in_cluster() {
    kubectl --context "$context" --namespace "$namespace" "$@"
}

# $1: a Secret of a set; the rest: the command that prints the set
make_once() {
    secret=$1
    shift
    if [ -n "$(in_cluster get secret "$secret" --ignore-not-found --output name)" ]; then
        echo "$secret is there already"
    else
        "$@" | in_cluster create --filename -
    fi
}

make_once "$name-public-keys" .venv/bin/viche keys --kubernetes --prefix "$name"
make_once "$name-engines" .venv/bin/viche prepare trial "$name" --prefix "$name"
