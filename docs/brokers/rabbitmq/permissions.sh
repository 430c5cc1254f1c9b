#!/bin/sh
# What each user may do at RabbitMQ, with its MQTT plugin: permissions.sh NAME PASSWORD for a
# gateway of that name, permissions.sh --desk NAME PASSWORD for who signs withdrawals, and
# permissions.sh --watcher NAME PASSWORD for the page of many gateways. The plugin writes topics
# with dots and binds a queue for each session. Topics below another prefix than bauta: change
# it here, and the client ID in the queue's name with it (docs/mqtt.md says what that is).
# No gateway may be called "consent".
set -e
kind=gateway
case "$1" in --*) kind=${1#--}; shift;; esac
name=$1
password=$2
case "$kind" in
gateway)
	queue="mqtt-subscription-bauta-${name}qos[01]"
	write='^bauta\.({username}\..+|consent\.(list|digest)\.[^.]+)$|^homeassistant\.device\.bauta_{username}(_[^._]+)?\.config$'
	read='^bauta\.({username}|consent)\..+$|^homeassistant\.status$'
	;;
desk)
	queue='none'
	write='^bauta\.consent\..+$'
	read='^$'
	;;
watcher)
	queue='mqtt-subscription-bauta-[0-9a-z]+qos[01]'
	write='^$'
	read='^bauta\..+$'
	;;
*)
	echo "permissions.sh [--desk | --watcher] NAME PASSWORD" >&2
	exit 2
	;;
esac
rabbitmqctl add_user "$name" "$password"
rabbitmqctl set_permissions "$name" "^$queue\$" "^($queue|amq\\.topic)\$" "^($queue|amq\\.topic)\$"
rabbitmqctl set_topic_permissions "$name" amq.topic "$write" "$read"
