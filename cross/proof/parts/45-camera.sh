# The box's own camera: the kernel's virtual one, through the unit's sandbox; pulled out and plugged in.
cp -p /etc/hadir/hadir.toml toml.before
printf '\n[camera]\nsource = "v4l2:/dev/video0"\n' >>/etc/hadir/hadir.toml
modprobe vivid n_devs=1 node_types=0x1 || die 'no module vivid'
systemctl restart hadir.service || die 'restart with a camera'
until_true 120 'the box is ready' is_ready
sh /proof/camera.sh || die camera
cp -p toml.before /etc/hadir/hadir.toml
systemctl restart hadir.service || die 'restart without a camera'
until_true 120 'the box is ready' is_ready
modprobe -r vivid || die 'the camera is still held'
